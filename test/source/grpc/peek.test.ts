import fc from 'fast-check';
import { expect, test } from 'vitest';
import { peekTime } from '../../../src/source/grpc/peek.ts';
import { decodeResponse, encodeResponse, numbered, realMessages, timeOf } from '../../support/falco-messages.ts';

test('reads the time of real messages', () => {
  for (const bytes of [...realMessages('line-output'), ...realMessages('json-output')]) {
    const { time } = decodeResponse(bytes);
    expect(peekTime(bytes)).toBe(BigInt(time?.seconds ?? 0) * 1_000_000_000n + BigInt(time?.nanos ?? 0));
  }
});

test('finds a time that does not stand first', () => {
  const rule = encodeResponse({ rule: 'x' });
  expect(peekTime(Buffer.concat([rule, numbered(5)]))).toBe(timeOf(5));
});

test('no time is undefined', () => {
  expect(peekTime(encodeResponse({ rule: 'x', time: null }))).toBeUndefined();
  expect(peekTime(new Uint8Array())).toBeUndefined();
});

test('never throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void peekTime(bytes)));
});
