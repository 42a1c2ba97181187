import protobuf from 'protobufjs/minimal.js';
import type { Nanos } from '../model/time.ts';
import type { Envelope, Rejected } from './envelope.ts';
import { createKeyTable, type KeyTable } from './keys.ts';
import { readTime } from './timestamp.ts';
import { utf8 } from './utf8.ts';

type Reader = protobuf.Reader & { buf: Buffer };

/** Field numbers of `falco.outputs.response` and of an entry of its map, with the wire type in the low three bits. */
const TIME = (1 << 3) | 2;
const PRIORITY = 2 << 3;
const RULE = (4 << 3) | 2;
const OUTPUT = (5 << 3) | 2;
const FIELDS = (6 << 3) | 2;
const HOSTNAME = (7 << 3) | 2;
const TAGS = (8 << 3) | 2;
const SOURCE = (9 << 3) | 2;
const ENTRY_KEY = (1 << 3) | 2;
const ENTRY_VALUE = (2 << 3) | 2;

/**
 * A reader of `falco.outputs.response` messages that makes strings only of what is wanted: the fields named in `wanted`,
 * and every `proc.env[…]`. Total: whatever the bytes, it answers and does not throw.
 *
 * An event has 60 fields and a line of output that repeats them all, so what is skipped decides what an event costs.
 */
export const createProtoReader = (wanted: ReadonlySet<string>) => {
  const keys = createKeyTable(wanted);
  return (bytes: Uint8Array): Envelope | Rejected => {
    try {
      return readResponse(readerOf(bytes), keys);
    } catch (error) {
      // The reader throws at the end of the bytes and at wire types that do not exist.
      return { rejected: 'not-protobuf', detail: error instanceof Error ? error.message : 'unreadable', lost: true };
    }
  };
};

const readerOf = (bytes: Uint8Array): Reader =>
  protobuf.Reader.create(
    Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ) as Reader;

const readResponse = (reader: Reader, keys: KeyTable): Envelope | Rejected => {
  let time: Nanos | undefined;
  let priority = 0;
  let rule = '';
  let hostname = '';
  let source = '';
  let outputStart = 0;
  let outputEnd = 0;
  const tags: string[] = [];
  const fields: Record<string, unknown> = Object.create(null);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag) {
      case FIELDS:
        readField(reader, keys, fields);
        break;
      case TIME:
        time = readTime(reader, endOfChunk(reader));
        if (time === undefined)
          return { rejected: 'bad-time', detail: 'the time lies outside of the years 1970 to 9999', lost: true };
        break;
      case PRIORITY:
        priority = reader.int32();
        break;
      case RULE:
        rule = readString(reader);
        break;
      case OUTPUT:
        outputEnd = endOfChunk(reader);
        outputStart = reader.pos;
        reader.pos = outputEnd;
        break;
      case HOSTNAME:
        hostname = readString(reader);
        break;
      case TAGS:
        tags.push(readString(reader));
        break;
      case SOURCE:
        source = readString(reader);
        break;
      default:
        skip(reader, tag);
    }
  }
  // Falco's stream carries events and nothing else: what is none was one.
  if (rule === '') return { rejected: 'not-an-event', detail: 'no rule', lost: true };
  if (time === undefined) return { rejected: 'bad-time', detail: 'no time', lost: true };
  const { buf } = reader;
  const output = () => utf8(buf, outputStart, outputEnd);
  return { time, priority, rule, output, hostname, tags, source, fields };
};

/** One entry of `output_fields`. Either half may be missing, which means empty, and the last of each counts. */
const readField = (reader: Reader, keys: KeyTable, fields: Record<string, unknown>): void => {
  const end = endOfChunk(reader);
  let keyStart = 0;
  let keyEnd = 0;
  let valueStart = 0;
  let valueEnd = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === ENTRY_KEY) {
      keyEnd = endOfChunk(reader);
      keyStart = reader.pos;
      reader.pos = keyEnd;
    } else if (tag === ENTRY_VALUE) {
      valueEnd = endOfChunk(reader);
      valueStart = reader.pos;
      reader.pos = valueEnd;
    } else skip(reader, tag);
  }
  if (reader.pos !== end) throw new RangeError('a field reaches beyond its message');
  const key = keys.find(reader.buf, keyStart, keyEnd);
  if (key !== undefined) fields[key] = readValue(reader.buf, valueStart, valueEnd);
};

/** What Falco prints for a field that does not apply: a third of all values, and no need to make that many strings. */
const ABSENT = '<NA>';

const readValue = (bytes: Buffer, start: number, end: number): string => {
  if (start === end) return '';
  return end - start === ABSENT.length && isAbsent(bytes, start) ? ABSENT : utf8(bytes, start, end);
};

const isAbsent = (bytes: Buffer, start: number): boolean => {
  for (let at = 0; at < ABSENT.length; at++) if (bytes[start + at] !== ABSENT.charCodeAt(at)) return false;
  return true;
};

/** Reads a length and gives where the chunk that follows ends; the reader stands at its start. */
const endOfChunk = (reader: Reader): number => {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('a chunk reaches beyond the message');
  return end;
};

const readString = (reader: Reader): string => {
  const end = endOfChunk(reader);
  const text = utf8(reader.buf, reader.pos, end);
  reader.pos = end;
  return text;
};

const skip = (reader: Reader, tag: number): void => {
  if (tag >>> 3 === 0) throw new RangeError('a field has the number 0');
  reader.skipType(tag & 7);
};
