import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bool, integer, nanos, text } from '../../src/decode/field.ts';

const ABSENT = [undefined, null, '', '<NA>', {}, [], () => 1, Symbol('x')];

test.each([text, integer, nanos, bool])('%o: what is absent is absent, whatever it looks like', (read) => {
  for (const value of ABSENT) expect(read(value)).toBeUndefined();
});

test('anything at all gives a value or none, and never an error', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
      for (const read of [text, integer, nanos, bool]) read(value);
    }),
    { numRuns: 2_000 },
  );
});

test('both intakes give the same: a number and its digits, a boolean and its name', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.boolean(), (number, flag) => {
      expect(integer(number)).toBe(integer(String(number)));
      expect(text(number)).toBe(text(String(number)));
      expect(nanos(number)).toBe(nanos(String(number)));
      expect(bool(flag)).toBe(bool(String(flag)));
      expect(text(flag)).toBe(text(String(flag)));
    }),
  );
});

describe('numbers', () => {
  test.each([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', undefined],
    ['-1', -1],
    ['007', 7],
    ['1.5', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    [' 1', undefined],
    ['1\n', undefined],
    [1.5, undefined],
    [2 ** 53, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [Number.NaN, undefined],
  ])('integer(%o) is %o', (value, expected) => {
    expect(integer(value)).toBe(expected);
  });

  test.each([
    ['1795395948569113045', 1_795_395_948_569_113_045n],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
    ['18446744073709551615', undefined],
    ['-1', undefined],
    ['12:00:00.000000000', undefined],
    [-1, undefined],
    // A number above 2^53 was rounded: it is nobody's time.
    [Number('1795395948569113045'), undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ])('nanos(%o) is %o', (value, expected) => {
    expect(nanos(value)).toBe(expected);
  });
});
