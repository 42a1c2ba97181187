import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { capture } from './capture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'creance-accepted-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const audit = async () => {
  const { io, written } = capture();
  return { code: await run(['accepted', '--audit', '--store', `file:${folder}`], io), ...written };
};

it('--audit tells every act that can be read, and beside them how many cannot', async () => {
  const [first, last] = ['{"act":"accept","by":"ana"}', '{"act":"revoke","by":"ben"}'];
  await writeFile(join(folder, 'audit.jsonl'), `${first}\n{"act":"acc\n{"a\n${last}\n`);
  const { code, out, err } = await audit();
  expect(out).toBe(`${first}\n${last}\n`);
  expect([code, err]).toEqual([0, 'creance: lines of the audit journal that cannot be read: 2\n']);
});

it('--audit says nothing beside them where all can be read', async () => {
  await writeFile(join(folder, 'audit.jsonl'), '{"act":"accept"}\n');
  expect(await audit()).toMatchObject({ code: 0, out: '{"act":"accept"}\n', err: '' });
});
