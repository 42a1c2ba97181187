import { createDecoder } from '../../src/decode/decoder.ts';
import type { RawRecord } from '../../src/model/record.ts';
import { decodeResponse } from '../support/falco-messages.ts';
import { inTurns, type Round, startMeter } from './measure.ts';
import { printComparison, printTitle } from './print.ts';
import { bytesOf, richMessages, someLines } from './recordings.ts';
import { sized } from './size.ts';

/** Decoding by itself, against the plainest way to make objects of the same bytes. */
const EVENTS = sized(8_000, 4_000);
const ROUNDS = sized(15, 5);

const roundOver = <Item>(items: readonly Item[], bytes: number, handle: (item: Item) => unknown): Round => {
  return () => {
    const stop = startMeter();
    for (const item of items) handle(item);
    return stop(items.length, bytes);
  };
};

const lines = someLines(EVENTS);
const messages = richMessages(EVENTS);
const jsonRecords = lines.map((text): RawRecord => ({ type: 'json', text }));
const protoRecords = messages.map((bytes): RawRecord => ({ type: 'proto', bytes }));

printTitle('decode alone');
printComparison(
  'JSON',
  'bare JSON.parse',
  await inTurns(
    roundOver(jsonRecords, bytesOf(lines), createDecoder()),
    roundOver(lines, bytesOf(lines), (line) => JSON.parse(line)),
    ROUNDS,
  ),
);
printComparison(
  'protobuf',
  'bare proto-loader',
  await inTurns(
    roundOver(protoRecords, bytesOf(messages), createDecoder()),
    roundOver(messages, bytesOf(messages), decodeResponse),
    ROUNDS,
  ),
);
