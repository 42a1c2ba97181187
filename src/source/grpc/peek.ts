import protobuf from 'protobufjs/minimal.js';
import type { Nanos } from '../../model/time.ts';

const TIME = (1 << 3) | 2;
const SECONDS = 1 << 3;
const NANOS = 2 << 3;

/** The time of a `falco.outputs.response`, of which nothing else is read; undefined where there is none. Never throws. */
export const peekTime = (bytes: Uint8Array): Nanos | undefined => {
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
