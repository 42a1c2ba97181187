import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wrap } from '../../src/report/wrap.ts';

it('breaks at spaces, and inside what is longer than a line', () => {
  expect(wrap('one two three four five six', 20)).toEqual(['one two three four', 'five six']);
  expect(wrap('x'.repeat(45), 20)).toEqual(['x'.repeat(20), 'x'.repeat(20), 'x'.repeat(5)]);
});

it('leaves a text alone where nobody looks at a terminal, or at a very narrow one', () => {
  const text = 'word '.repeat(50);
  expect(wrap(text, undefined)).toEqual([text]);
  expect(wrap(text, 5)).toEqual([text]);
});

it('loses nothing but the spaces it breaks at, and keeps the width', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 20, max: 80 }), (text, width) => {
      const lines = wrap(text, width);
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }),
  );
});
