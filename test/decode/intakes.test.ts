import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createDecoder } from '../../src/decode/decoder.ts';
import type { FalcoEvent } from '../../src/model/event.ts';
import type { Gap } from '../../src/model/flow.ts';
import { decodeResponse, realMessages, responseOfJson } from '../support/falco-messages.ts';

/** Nothing behind the decoder may know by which intake an event came. */

const RECORDINGS = 'test/recordings';
const SAMPLE = 300;
const files = readdirSync(RECORDINGS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.jsonl.gz'))
  .sort();
const linesOf = (name: string) =>
  gunzipSync(readFileSync(join(RECORDINGS, name)))
    .toString()
    .trimEnd()
    .split('\n');

const decode = createDecoder();
const decoded = (record: Parameters<typeof decode>[0]): FalcoEvent | Gap => {
  const item = decode(record);
  if ('rejected' in item || item.type === 'lost') throw new Error('no event');
  return item;
};

const byJson = (line: string) => decoded({ type: 'json', text: line });
const byGrpc = (line: string) => decoded({ type: 'proto', bytes: responseOfJson(line) });

describe('an event is the same by gRPC and by JSON', () => {
  test('there are recordings of each agent', () => {
    expect(files.length).toBeGreaterThan(10);
  });

  test.each(files)('%s', (name) => {
    const lines = linesOf(name);
    const step = Math.max(1, Math.floor(lines.length / SAMPLE));
    for (let at = 0; at < lines.length; at += step) {
      const line = lines[at] as string;
      expect(byGrpc(line)).toEqual(byJson(line));
    }
  });

  test('what Falco 0.44 posted', () => {
    const requests = readFileSync('test/fixtures/wire/http-output-0.44.jsonl', 'utf8').trim().split('\n');
    for (const request of requests) {
      const { body } = JSON.parse(request);
      expect(byGrpc(body)).toEqual(byJson(body));
    }
  });

  test('what Falco 0.43 streamed with json_output, whose line is the whole document', () => {
    let compared = 0;
    for (const bytes of realMessages('json-output')) {
      const { output } = decodeResponse(bytes);
      const grpc = decoded({ type: 'proto', bytes });
      const json = byJson(output);
      if (grpc.type === 'event' && json.type === 'event') {
        // Of alerts that keep their line, gRPC keeps the document and JSON the line in it.
        const { output: document, ...event } = grpc;
        const { output: text, ...same } = json;
        expect(event).toEqual(same);
        expect([document, text].every((line) => line === undefined) || document?.includes('output_fields')).toBe(true);
      } else expect(grpc).toEqual(json);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(0);
  });

  test('and the start of a process is the same to the nanosecond', () => {
    const line = linesOf(files[0] as string).find((text) => text.includes('"proc.pid.ts"')) as string;
    const digits = /"proc\.pid\.ts":(\d+)/.exec(line)?.[1] as string;
    expect(BigInt(Number(digits))).not.toBe(BigInt(digits));
    expect(byJson(line)).toMatchObject({ process: { startTime: BigInt(digits) } });
    expect(byGrpc(line)).toMatchObject({ process: { startTime: BigInt(digits) } });
  });
});
