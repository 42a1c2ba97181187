import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { capture } from '../cli/capture.ts';

const creance = async (...argv: readonly string[]): Promise<string> => {
  const { io, written } = capture({ cwd: process.cwd() });
  expect([await run(argv, io), written.err]).toEqual([0, '']);
  return written.out;
};

it('what a newcomer sees first reads as it should', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'creance-demo-'));
  try {
    const store = `file:${join(directory, 'store')}`;
    const learned = await creance('learn', '--store', store, 'test/recordings/learn');
    const judged = await creance('replay', '--frozen', '--store', store, 'test/recordings/judge');
    const text = `${learned}\n${judged}`.replaceAll(directory, 'DIRECTORY');
    await expect(text).toMatchFileSnapshot('../golden/demo.txt');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
