import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../src/source/file/lines.ts';

const split = (chunks: readonly Buffer[], maxLineBytes = 1_000) => {
  const lines: string[] = [];
  let tooLong = 0;
  const splitter = new LineSplitter({
    maxLineBytes,
    onLine: (line) => lines.push(line),
    onTooLong: () => {
      tooLong++;
    },
  });
  for (const chunk of chunks) {
    splitter.push(chunk);
    // Whoever reads files uses his buffer again.
    chunk.fill(0x21);
  }
  return { lines, tooLong, rest: splitter.rest() };
};

/** Cuts bytes at the given places. */
const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const at = [0, ...[...places].sort((a, b) => a - b).map((place) => Math.min(place, bytes.length)), bytes.length];
  return at.slice(1).map((end, i) => Buffer.from(bytes.subarray(at[i], end)));
};

describe('LineSplitter', () => {
  it('gives the same lines wherever the chunks are cut', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((s) => `{${s.replace(/[\r\n\uFEFF]/g, '')}}`);
    fc.assert(
      fc.property(fc.array(text), fc.array(fc.nat(400)), text, (lines, places, rest) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join('') + rest);
        const wanted = lines.map((line) => Buffer.from(line).toString());
        expect(split(cut(bytes, places))).toEqual({ lines: wanted, tooLong: 0, rest: Buffer.from(rest).toString() });
      }),
    );
  });

  it('leaves out the same long lines wherever the chunks are cut', () => {
    const line = fc.integer({ min: 1, max: 20 }).map((n) => 'x'.repeat(n));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(200)), (lines, places) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const wanted = lines.filter(({ length }) => length <= 10);
        expect(split(cut(bytes, places), 10)).toEqual({
          lines: wanted,
          tooLong: lines.length - wanted.length,
          rest: undefined,
        });
      }),
    );
  });

  it('holds no more of an endless line than the limit', () => {
    const chunk = Buffer.alloc(65_536, 0x78);
    const splitter = new LineSplitter({ maxLineBytes: 100_000, onLine: () => {}, onTooLong: () => {} });
    const before = process.memoryUsage();
    for (let i = 0; i < 10_000; i++) splitter.push(chunk);
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(30_000_000);
    expect(splitter.rest()).toBeUndefined();
  });
});
