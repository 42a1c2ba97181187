import type protobuf from 'protobufjs/minimal.js';
import type { Nanos } from '../model/time.ts';

const SECONDS = 1 << 3;
const NANOS = 2 << 3;
const NANOS_PER_SECOND = 1_000_000_000;

/** The last second of the year 9999, where google.protobuf.Timestamp ends. */
const MAX_SECONDS = 253_402_300_799;

/** Reads a google.protobuf.Timestamp that ends at `end`. Undefined when it lies before 1970 or after 9999. Throws on bad bytes. */
export const readTime = (reader: protobuf.Reader, end: number): Nanos | undefined => {
  let seconds = 0;
  let nanos = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === SECONDS) seconds = varint(reader);
    else if (tag === NANOS) nanos = varint(reader);
    else reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw new RangeError('a time reaches beyond its message');
  if (seconds > MAX_SECONDS || nanos >= NANOS_PER_SECOND) return undefined;
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
};

/** An unsigned varint, exact up to 2^53; beyond, and so for every negative number, merely very large. */
const varint = (reader: protobuf.Reader): number => {
  let value = 0;
  let unit = 1;
  for (let count = 0; count < 10; count += 1) {
    if (reader.pos >= reader.len) throw new RangeError('a number has no end');
    const byte = reader.buf[reader.pos] as number;
    reader.pos += 1;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return value;
    unit *= 128;
  }
  throw new RangeError('a number is longer than 64 bits');
};
