import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { capture } from './capture.ts';

const recordings = join(import.meta.dirname, '../recordings');
const ATTACK = join(recordings, 'judge/claude-a00-aws-creds-exfil.jsonl.gz');
const CLEAN = join(recordings, 'learn/gemini-b00.jsonl.gz');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'creance-report-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const replay = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { io, written } = capture({ cwd: directory, env: { HOME: '/nowhere', ...env } });
  const code = await run(['replay', '--frozen', '--store', 'memory:', ...argv], io);
  return { code, ...written };
};
const read = (name: string) => readFileSync(join(directory, name), 'utf8');

describe('creance replay --report', () => {
  it('writes each report beside what it prints', async () => {
    const formats = ['markdown', 'sarif', 'junit', 'verdicts', 'html'].flatMap((name) => [
      '--report',
      `${name}=o.${name}`,
    ]);
    const { code, out } = await replay([...formats, ATTACK, CLEAN]);
    expect(code).toBe(0);
    expect(out).toMatch(/^claude-a00/);
    expect(read('o.markdown')).toMatch(/^## ❌ creance: 2 agent sessions/);
    expect(JSON.parse(read('o.sarif')).runs[0].results.length).toBeGreaterThan(3);
    expect(read('o.junit')).toMatch(/<testsuite name="gemini-b00: [^>]+ failures="0"/);
    expect(read('o.html')).toContain('claude-a00-aws-creds-exfil');
    expect(read('o.verdicts')).toBe((await replay(['--format', 'verdicts', ATTACK, CLEAN])).out);
  });

  it('gives standard output to a report alone', async () => {
    const { out } = await replay(['--report', 'sarif=-', ATTACK]);
    expect(JSON.parse(out).version).toBe('2.1.0');
  });

  it('fails JUnit test cases from --fail-on upwards', async () => {
    const failures = async (floor: string) =>
      Number(/failures="(\d+)"/.exec((await replay(['--report', 'junit=-', '--fail-on', floor, ATTACK])).out)?.[1]);
    expect(await failures('critical')).toBeLessThan(await failures('warning'));
  });

  it('adds to the summary of a GitHub job, and replaces any other file', async () => {
    const env = { GITHUB_STEP_SUMMARY: join(directory, 'summary.md') };
    for (const name of ['summary.md', 'other.md']) writeFileSync(join(directory, name), '# another step\n');
    await replay(['--report', `markdown=${env.GITHUB_STEP_SUMMARY}`, '--report', 'markdown=other.md', CLEAN], env);
    expect(read('summary.md')).toMatch(/^# another step\n## ✅ creance: 1 agent session/);
    expect(read('other.md')).toMatch(/^## ✅ creance/);
  });

  it.each([
    [['--report', 'pdf=o.pdf'], 'FORMAT is markdown, sarif'],
    [['--report', 'html'], 'Write FORMAT=FILE'],
    [['--report', 'constructor=x'], 'FORMAT is markdown'],
    [['--report', 'html=-', '--report', 'sarif=-'], 'Only one report'],
  ])('refuses %s', async (argv, message) => {
    const { code, err } = await replay([...argv, CLEAN]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('says which file it cannot write', async () => {
    const { code, err } = await replay(['--report', 'html=none/o.html', CLEAN]);
    expect([code, err]).toEqual([3, expect.stringContaining('none/o.html cannot be written')]);
    expect(existsSync(join(directory, 'none'))).toBe(false);
  });
});
