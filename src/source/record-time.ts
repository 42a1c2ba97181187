import protobuf from 'protobufjs/minimal.js';
import type { JsonRecord, ProtoRecord } from '../model/record.ts';
import type { Nanos } from '../model/time.ts';

/** The event's time by a glance at the record, of which nothing else is read; undefined when it does not say. Never throws. */
export const recordTime = (record: JsonRecord | ProtoRecord): Nanos | undefined =>
  record.type === 'json' ? jsonTime(record.text) : protoTime(record.bytes);

const TEXT = /^"time": ?"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z"/;

/** `time` stands last in what Falco writes, so it is looked for from the end; within a string its quotes would be escaped. */
const jsonTime = (text: string): Nanos | undefined => {
  const at = text.lastIndexOf('"time":');
  const match = at < 0 ? null : TEXT.exec(text.slice(at, at + 48));
  if (!match) return undefined;
  const milliseconds = Date.parse(`${match[1]}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
};

/** Number and wire type of the time in `falco.outputs.response`, and of the two halves of a timestamp. */
const TIME = (1 << 3) | 2;
const SECONDS = 1 << 3;
const NANOS = 2 << 3;

/** The time of a `falco.outputs.response`; undefined where there is none. Never throws. */
export const protoTime = (bytes: Uint8Array): Nanos | undefined => {
  try {
    const reader = protobuf.Reader.create(bytes);
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag === TIME) return readTime(protobuf.Reader.create(reader.bytes()));
      reader.skipType(tag & 7);
    }
  } catch {
    // Not a response. What to make of it is for the decoder to say.
  }
  return undefined;
};

const readTime = (reader: protobuf.Reader): Nanos | undefined => {
  let seconds = 0n;
  let nanos = 0n;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === SECONDS) seconds = BigInt(reader.int64().toString());
    else if (tag === NANOS) nanos = BigInt(reader.int32());
    else reader.skipType(tag & 7);
  }
  return seconds > 0n ? seconds * 1_000_000_000n + nanos : undefined;
};
