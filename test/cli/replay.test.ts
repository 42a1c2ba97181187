import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { capture } from './capture.ts';

const recordings = join(import.meta.dirname, '../recordings');
const ATTACK = join(recordings, 'judge/claude-a00-aws-creds-exfil.jsonl.gz');
const CLEAN = join(recordings, 'learn/gemini-b00.jsonl.gz');

/** Runs a command line to its end. */
const creance = async (...argv: string[]) => {
  const { io, written } = capture();
  const code = await run(argv, io);
  return { code, ...written };
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'creance-cli-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('creance replay', () => {
  it('gives the same output on every run', async () => {
    const once = await creance('replay', '--store', 'memory:', ATTACK, CLEAN);
    const again = await creance('replay', '--store', 'memory:', ATTACK, CLEAN);
    expect(once.code).toBe(0);
    expect(once.out).toBe(again.out);
  });

  it('writes a diary: plain text when it is no terminal', async () => {
    const { out } = await creance('replay', '--frozen', '--store', 'memory:', ATTACK);
    expect(out).toContain('claude-a00-aws-creds-exfil  claude-code  acme/taskboard › agent › implement\n');
    expect(out).toMatch(/ \d\d:\d\d:\d\d\.\d {2}shell +npm test$/m);
    expect(out).toMatch(/critical credential-read-then-egress: /);
    expect(out).toMatch(/\d+ alerts fired, as Alertmanager would get them/);
    expect(out).not.toContain('\u001b[');
  });

  it('prints actions for machines, in order of their start', async () => {
    const { out } = await creance('replay', '--store', 'memory:', '--format', 'actions', CLEAN);
    const actions = jsonLines(out);
    expect(Object.keys(actions[0])).toEqual([
      'recording',
      'session',
      'index',
      'agent',
      'kind',
      'title',
      'symbol',
      'start',
      'end',
      'events',
    ]);
    expect(actions.map(({ start }) => start)).toEqual(actions.map(({ start }) => start).toSorted());
    expect(new Set(actions.map(({ index }) => index)).size).toBe(actions.length);
  });

  it('prints one verdict for each session', async () => {
    const { out } = await creance('replay', '--store', 'memory:', '--format', 'verdicts', ATTACK, CLEAN);
    const verdicts = jsonLines(out);
    expect(verdicts.map(({ recording }) => recording)).toEqual(['claude-a00-aws-creds-exfil', 'gemini-b00']);
    expect(verdicts[0].findings.length).toBeGreaterThan(0);
    for (const finding of verdicts[0].findings)
      expect(BigInt(finding.at)).toBeGreaterThanOrEqual(BigInt(finding.start));
    expect(verdicts[1].findings).toEqual([]);
  });

  it('exits 1 on findings where it was asked to', async () => {
    const judge = (severity: string, file: string) =>
      creance('replay', '--store', 'memory:', '--frozen', '--format', 'verdicts', '--fail-on', severity, file);
    expect((await judge('critical', ATTACK)).code).toBe(1);
    expect((await judge('warning', CLEAN)).code).toBe(0);
  });

  it('never writes the store', async () => {
    const store = join(directory, 'store');
    await creance('replay', '--store', `file:${store}`, CLEAN);
    expect(existsSync(store)).toBe(false);
  });

  it('takes the recordings of a directory', async () => {
    for (const name of ['a', 'b']) copyFileSync(CLEAN, join(directory, `${name}.jsonl.gz`));
    const { out } = await creance('replay', '--store', 'memory:', '--format', 'verdicts', directory);
    expect(jsonLines(out).map(({ recording }) => recording)).toEqual(['a', 'b']);
  });

  it('goes on past lines that are no events, and tells of them', async () => {
    const file = join(directory, 'mixed.jsonl');
    writeFileSync(file, '\uFEFF{"rule":1}\n\nnot json\n{"half":');
    const { code, err } = await creance('replay', '--store', 'memory:', '--format', 'verdicts', file);
    expect(code).toBe(0);
    expect(err).toContain('no Falco event');
  });

  it.each([
    ['a file that is not there', ['replay', '--store', 'memory:', '/nowhere.jsonl'], 3, '/nowhere.jsonl'],
    ['a wrong format', ['replay', '--format', 'xml', CLEAN], 2, 'xml'],
    ['no file', ['replay'], 2, 'file'],
    ['a wrong store', ['replay', '--store', 'ftp://x', CLEAN], 2, 'store'],
  ])('tells %s in one message', async (_, argv, expected, named) => {
    const { code, err } = await creance(...argv);
    expect(code).toBe(expected);
    expect(err).toContain(named);
  });
});

describe('creance learn and baseline', () => {
  it('learns clean sessions once, shows them, carries them elsewhere and forgets them', async () => {
    const store = `file:${join(directory, 'store')}`;
    const learned = await creance('learn', '--store', store, CLEAN, ATTACK);
    expect(learned.code).toBe(0);
    expect(learned.out).toMatch(/gemini-b00 +gemini-cli +learned/);
    expect(learned.out).toMatch(/claude-a00-aws-creds-exfil +claude-code +not learned: /);
    expect((await creance('learn', '--store', store, CLEAN)).out).toMatch(/known before/);

    expect((await creance('baseline', 'show', '--store', store)).out).toMatch(/gemini-cli +1 session/);
    const document = join(directory, 'baseline.export');
    const exported = await creance('baseline', 'export', '--store', store);
    writeFileSync(document, exported.out);

    const other = `file:${join(directory, 'other')}`;
    expect((await creance('baseline', 'import', '--store', other, document)).code).toBe(0);
    expect((await creance('baseline', 'export', '--store', other)).out).toBe(exported.out);

    expect((await creance('baseline', 'reset', '--store', other)).code).toBe(2);
    expect((await creance('baseline', 'reset', '--store', other, '--yes')).out).toMatch(/^1 session/);
    expect((await creance('baseline', 'show', '--store', other)).out).toMatch(/nothing/);
  });

  it('sets a torn file of the store aside, tells where, and goes on', async () => {
    const root = join(directory, 'store');
    await creance('learn', '--store', `file:${root}`, CLEAN);
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const [torn] = files.filter(({ name }) => name.startsWith('gemini-cli-'));
    const path = join(torn?.parentPath ?? '', torn?.name ?? '');
    writeFileSync(path, '{"version":1,"ses');
    const { code, err } = await creance('baseline', 'show', '--store', `file:${root}`);
    expect(code).toBe(0);
    expect(err).toContain(`${path}.corrupt`);
    expect(existsSync(path)).toBe(false);
  });

  it('names the place and the mend when the store cannot be used', async () => {
    writeFileSync(join(directory, 'file'), '');
    const { code, err } = await creance('learn', '--store', `file:${join(directory, 'file/below')}`, CLEAN);
    expect(code).toBe(3);
    expect(err).toContain(join(directory, 'file/below'));
    expect(err).toMatch(/choose another place with --store/);
  });

  it('refuses a document that is no exported baseline', async () => {
    mkdirSync(join(directory, 'x'));
    const file = join(directory, 'x', 'wrong.json');
    writeFileSync(file, '{"sessions":[{"version":99}]}');
    const { code, err } = await creance('baseline', 'import', '--store', 'memory:', file);
    expect(code).toBe(3);
    expect(err).toContain(file);
  });
});
