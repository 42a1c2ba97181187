import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { protoTime, recordTime } from '../../src/source/record-time.ts';
import { decodeResponse, encodeResponse, numbered, realMessages, timeOf } from '../support/falco-messages.ts';

test('reads the time of real messages', () => {
  for (const bytes of [...realMessages('line-output'), ...realMessages('json-output')]) {
    const { time } = decodeResponse(bytes);
    expect(protoTime(bytes)).toBe(BigInt(time?.seconds ?? 0) * 1_000_000_000n + BigInt(time?.nanos ?? 0));
  }
});

test('finds a time that does not stand first', () => {
  const rule = encodeResponse({ rule: 'x' });
  expect(protoTime(Buffer.concat([rule, numbered(5)]))).toBe(timeOf(5));
});

test('no time is undefined', () => {
  expect(protoTime(encodeResponse({ rule: 'x', time: null }))).toBeUndefined();
  expect(protoTime(new Uint8Array())).toBeUndefined();
});

test('never throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void protoTime(bytes)));
});

describe('a JSON record', () => {
  const time = (text: string) => recordTime({ type: 'json', text });

  test('tells its time from its end', () => {
    const base = BigInt(Date.parse('2026-11-23T01:00:00Z')) * 1_000_000n;
    expect(time('{"rule":"r","time":"2026-11-23T01:00:00.000000007Z"}')).toBe(base + 7n);
    expect(time('{"time": "2026-11-23T01:00:00Z","rule":"r"}')).toBe(base);
  });

  test('cannot be given another by what stands in its strings', () => {
    const hostile = JSON.stringify({ time: '2026-11-23T01:00:00Z', x: '"time":"1999-01-01T00:00:00Z"' });
    expect(time(hostile)).toBe(BigInt(Date.parse('2026-11-23T01:00:00Z')) * 1_000_000n);
  });

  test.each(['', '{}', '{"time":5}', '{"time":"yesterday"}', '{"time":"2026-99-99T01:00:00Z"}', '{"time":"2026-'])(
    'without one: %j',
    (text) => expect(time(text)).toBeUndefined(),
  );
});
