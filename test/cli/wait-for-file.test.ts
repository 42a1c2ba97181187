import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitForFile } from '../../src/cli/wait-for-file.ts';
import { writeWhole } from '../../src/cli/whole-file.ts';
import { ManualClock } from '../../src/platform/clock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'creance-wait-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const start = (path: string, signal = new AbortController().signal) => {
  const clock = new ManualClock();
  return { clock, waiting: waitForFile(path, { clock, timeoutMs: 60_000, signal }) };
};

it('takes a file that is there already', async () => {
  const path = join(directory, 'verdict');
  writeWhole(path, 'text');
  expect(await start(path).waiting).toBe('text');
});

it('hears of a file that comes, without its clock moving', async () => {
  const path = join(directory, 'verdict');
  const { waiting } = start(path);
  writeWhole(path, 'text');
  expect(await waiting).toBe('text');
});

it('looks from time to time where it hears nothing, for the directory came later', async () => {
  const path = join(directory, 'later/verdict');
  const { clock, waiting } = start(path);
  clock.advance(5_000);
  mkdirSync(join(directory, 'later'));
  writeWhole(path, 'text');
  clock.advance(1_000);
  expect(await waiting).toBe('text');
});

it('gives up when its time is over, or when it is asked to stop', async () => {
  const { clock, waiting } = start(join(directory, 'verdict'));
  clock.advance(60_000);
  expect(await waiting).toBeUndefined();
  const stop = new AbortController();
  const other = start(join(directory, 'verdict'), stop.signal);
  stop.abort();
  expect(await other.waiting).toBeUndefined();
});

it('rejects with what keeps it from reading', async () => {
  await expect(start(directory).waiting).rejects.toThrow('EISDIR');
});
