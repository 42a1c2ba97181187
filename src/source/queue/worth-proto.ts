import { PEEKED_FIELDS, type Peeked, type PeekedField, TELEMETRY_TAG } from './worth-json.ts';

// Number and wire type of the fields of `falco.outputs.response`, and of an entry of a protobuf map.
const OUTPUT_FIELD = (6 << 3) | 2;
const TAG = (8 << 3) | 2;
const ENTRY_KEY = (1 << 3) | 2;
const ENTRY_VALUE = (2 << 3) | 2;

const lengths = new Set<number>(PEEKED_FIELDS.map((name) => name.length));
const names = new Set<string>(PEEKED_FIELDS);

/**
 * Finds fields in a protobuf message without decoding it. It steps from field to field by their lengths instead of searching
 * the bytes: a command line can hold any bytes, and those that look like a field must not count. What is malformed ends the
 * walk; what was found before stands.
 */
export const peekProto = (bytes: Uint8Array): Peeked => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, string>();
  let telemetry = false;
  walk(buffer, 0, buffer.length, (tag, from, to) => {
    if (tag === OUTPUT_FIELD) readEntry(buffer, from, to, found);
    else if (tag === TAG && to - from === TELEMETRY_TAG.length) {
      telemetry ||= buffer.toString('latin1', from, to) === TELEMETRY_TAG;
    }
  });
  return { telemetry, field: (name: PeekedField) => found.get(name) };
};

const readEntry = (buffer: Buffer, from: number, to: number, found: Map<string, string>): void => {
  // Most entries are not of interest, which the length of their key, below 128 and so one byte, tells at once.
  if (buffer[from] === ENTRY_KEY && !lengths.has(buffer[from + 1] as number)) return;
  let name: string | undefined;
  walk(buffer, from, to, (tag, start, end) => {
    if (tag === ENTRY_KEY && lengths.has(end - start)) name = buffer.toString('latin1', start, end);
    else if (tag === ENTRY_VALUE && name !== undefined && names.has(name)) {
      found.set(name, buffer.toString('utf8', start, end));
    }
  });
};

/** Visits the fields that have a length; steps over numbers; ends at anything else. */
const walk = (
  buffer: Buffer,
  from: number,
  to: number,
  visit: (tag: number, from: number, to: number) => void,
): void => {
  let at = from;
  /** Numbers beyond 32 bits are stepped over right, their value is not needed. */
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < to && shift < 70; shift += 7) {
      const byte = buffer[at++] as number;
      if (shift < 28) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    at = to;
    return 0;
  };
  while (at < to) {
    const tag = varint();
    if ((tag & 7) === 0) varint();
    else if ((tag & 7) === 2) {
      const length = varint();
      if (at + length > to) return;
      visit(tag, at, at + length);
      at += length;
    } else return;
  }
};
