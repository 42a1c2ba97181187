import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { capture } from '../cli/capture.ts';

/** A recorded session of which the line `at` was torn in the middle. */
const torn = (...at: readonly number[]): string => {
  const lines = gunzipSync(readFileSync('test/recordings/learn/claude-b00.jsonl.gz')).toString().trimEnd().split('\n');
  for (const place of at) lines[place] = (lines[place] as string).slice(0, 300);
  const path = join(mkdtempSync(join(tmpdir(), 'creance-torn-')), 'torn.jsonl');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};

const replay = async (path: string, format: string): Promise<string> => {
  const { io, written } = capture();
  const code = await run(
    ['replay', '--frozen', '--store', 'memory:', '--log-level', 'error', '--format', format, path],
    io,
  );
  expect([code, written.err]).toEqual([0, '']);
  return written.out;
};

describe('a gap in a session', () => {
  test('stands in its timeline, where it happened', async () => {
    const out = await replay(torn(1_000), 'text');
    const lines = out.split('\n');
    const at = lines.findIndex((line) => /^▌ \d\d:\d\d:\d\d\.\d {2}blind {8}1 event lost \(malformed\)$/.test(line));
    expect(at).toBeGreaterThan(1);
    const timeOf = (line = '') => /\d\d:\d\d:\d\d\.\d/.exec(line)?.[0] ?? '';
    const before = lines.slice(1, at).findLast((line) => timeOf(line) !== '');
    const after = lines.slice(at + 1).find((line) => timeOf(line) !== '');
    expect(timeOf(before) <= timeOf(lines[at])).toBe(true);
    expect(timeOf(after) >= timeOf(lines[at])).toBe(true);
    expect(out).toContain(', 1 gap:');
  });

  test('and in its verdict', async () => {
    const { gaps } = JSON.parse(await replay(torn(1_000), 'verdicts'));
    expect(gaps).toEqual([{ cause: 'malformed', from: expect.any(String), to: gaps[0].from, lost: 1 }]);
  });

  test('of many lines within a second is one', async () => {
    const { gaps } = JSON.parse(await replay(torn(1_000, 1_001, 1_002, 1_003), 'verdicts'));
    expect(gaps.length).toBeLessThanOrEqual(2);
    expect(gaps.reduce((sum: number, { lost }: { lost: number }) => sum + lost, 0)).toBe(4);
  });

  test('is told of no session that was seen whole', async () => {
    expect(JSON.parse(await replay(torn(), 'verdicts')).gaps).toEqual([]);
  });
});
