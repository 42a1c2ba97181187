import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { capture } from './capture.ts';

const RECORDINGS = join(import.meta.dirname, '../recordings');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'creance-baseline-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const creance = async (...argv: readonly string[]) => {
  const { io, written } = capture();
  const code = await run(argv, io);
  return { code, ...written };
};
const store = (name: string) => ['--store', `file:${join(folder, name)}`];

test('what was learned is shown, carried elsewhere, compared, taken back and approved again', async () => {
  const learned = await creance('learn', ...store('a'), join(RECORDINGS, 'learn'));
  expect(learned.out).toContain('12 learned, 0 known before, 0 not clean');
  expect((await creance('learn', ...store('a'), join(RECORDINGS, 'learn'))).out).toContain(
    '0 learned, 12 known before',
  );
  expect((await creance('baseline', 'show', ...store('a'))).out).toMatch(
    /codex-cli {2}4 sessions, (learning|ready|stale)/,
  );

  const exported = (await creance('baseline', 'export', ...store('a'))).out;
  const file = join(folder, 'a.yaml');
  await writeFile(file, exported);
  expect((await creance('baseline', 'import', ...store('b'), file)).out).toBe('12 sessions added, 0 known before\n');
  expect((await creance('baseline', 'export', ...store('b'))).out).toBe(exported);
  expect((await creance('baseline', 'diff', file, file)).out).toBe('no difference\n');
  expect((await creance('baseline', 'merge', file, file)).out).toBe(exported);

  expect((await creance('baseline', 'rollback', ...store('b'), '--to', '2001-01-01')).out).toContain(
    '12 sessions taken back',
  );
  expect((await creance('baseline', 'show', ...store('b'))).out).toBe('nothing was learned yet\n');
  const [session = ''] = (await creance('baseline', 'pending', ...store('b'))).out.split(' ');
  expect((await creance('baseline', 'approve', ...store('b'), session)).out).toBe('1 sessions learned\n');
  const unknown = await creance('baseline', 'reject', ...store('b'), session);
  expect(unknown).toMatchObject({ code: 3, err: expect.stringContaining('no such session waits') });
});

test('an accused session waits for a person, and a frozen baseline learns nothing', async () => {
  const attack = join(RECORDINGS, 'judge/codex-a05-download-execute.jsonl.gz');
  expect((await creance('learn', ...store('c'), attack)).out).toMatch(/not learned: (error|critical)/);
  expect((await creance('baseline', 'pending', ...store('c'))).out).toContain('waits because: ');
  await creance('baseline', 'freeze', ...store('c'));
  const clean = join(RECORDINGS, 'judge/codex-b01.jsonl.gz');
  await creance('learn', ...store('c'), clean);
  expect((await creance('baseline', 'show', ...store('c'))).out).toBe(
    'frozen: nothing is learned until `creance baseline thaw`\n\nnothing was learned yet\n',
  );
  expect((await creance('baseline', 'pending', ...store('c'))).out).toContain('the baseline is frozen');
});

test('explain tells why, and tune what if', async () => {
  const verdicts = join(folder, 'verdicts.jsonl');
  await writeFile(
    verdicts,
    (await creance('replay', '--format', 'verdicts', '--frozen', ...store('a'), join(RECORDINGS, 'judge'))).out,
  );
  expect((await creance('explain', verdicts, 'codex-a05-download-execute')).out).toContain('came instead:');
  expect((await creance('explain', verdicts, 'nobody')).code).toBe(3);
  const tuned = await creance(
    'tune',
    '--try',
    'detect.sequence.enabled=false',
    ...store('a'),
    join(RECORDINGS, 'judge'),
  );
  expect(tuned.out).toMatch(/0 alerts gained, \d+ lost; sessions with an alert: 3 of 6 now, 3 then\n$/);
  expect((await creance('tune', '--try', 'detect.nonsense=1', join(RECORDINGS, 'judge'))).code).toBe(3);
});
