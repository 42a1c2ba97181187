import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { type FalcoDouble, startFalco } from '../support/falco-double.ts';
import { responseOfJson } from '../support/falco-messages.ts';
import { until } from '../support/until.ts';
import { capture } from './capture.ts';

const recordings = join(import.meta.dirname, '../recordings');
const ATTACK = join(recordings, 'judge/claude-a00-aws-creds-exfil.jsonl.gz');
const CLEAN = join(recordings, 'learn/claude-b00.jsonl.gz');
const linesOf = (path: string): readonly string[] => gunzipSync(readFileSync(path)).toString().trim().split('\n');

let directory: string;
let falco: FalcoDouble;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'creance-watch-'));
  falco = await startFalco();
});
afterEach(async () => {
  await falco.dispose();
  rmSync(directory, { recursive: true, force: true });
});

/** A running `creance watch`. */
const start = (...argv: readonly string[]) => {
  const { io, written, signals } = capture({ cwd: directory });
  const base = ['watch', '--store', 'memory:', '--set', 'server.listen=127.0.0.1:0', '--source', falco.url];
  return { ended: run([...base, ...argv], io), written, stop: () => signals.emit('SIGTERM') };
};

const play = (path: string) => falco.push(...linesOf(path).map(responseOfJson));
const verdictFile = () => join(directory, 'verdict.jsonl');

describe('creance watch --once', () => {
  it('ends with the session, having delivered its alerts and written its verdict', async () => {
    const { ended, written } = start('--once', '--verdict-file', 'verdict.jsonl', '--fail-on', 'error', '--timeline');
    play(ATTACK);
    expect(await ended).toBe(1);
    const [line, ...more] = readFileSync(verdictFile(), 'utf8').trim().split('\n');
    expect(more).toEqual([]);
    expect(JSON.parse(line ?? '')).toMatchObject({ recording: 'live', agent: 'claude-code' });
    expect(written.out).toMatch(/firing +critical CreanceSequenceMatched/);
    expect(written.out).toMatch(/resolved +critical CreanceSequenceMatched/);
    expect(written.out).toMatch(/= 19 actions in/);
  });

  it('passes a clean session, and writes the reports that were asked for', async () => {
    const { ended } = start('--once', '--fail-on', 'error', '--report', 'junit=o.xml', '--report', 'html=o.html');
    play(CLEAN);
    expect(await ended).toBe(0);
    expect(readFileSync(join(directory, 'o.xml'), 'utf8')).toContain('failures="0"');
    expect(readFileSync(join(directory, 'o.html'), 'utf8')).toContain('</html>');
  });

  it('leaves no verdict when it is stopped before any session, and none of an earlier run', async () => {
    writeFileSync(verdictFile(), 'old');
    const { ended, stop } = start('--once', '--verdict-file', 'verdict.jsonl');
    await until(() => !existsSync(verdictFile()));
    stop();
    expect(await ended).toBe(0);
    expect(existsSync(verdictFile())).toBe(false);
  });
});

describe('creance watch --verdict-file', () => {
  it('goes on, and adds each session to the file', async () => {
    const { ended, stop } = start('--verdict-file', 'verdict.jsonl');
    const agents = () =>
      existsSync(verdictFile()) &&
      readFileSync(verdictFile(), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).agent);
    play(ATTACK);
    await until(() => agents());
    expect(agents()).toEqual(['claude-code']);
    play(CLEAN);
    await until(() => agents() && (agents() as string[]).length === 2, { timeoutMs: 20_000 });
    stop();
    expect(await ended).toBe(0);
    expect(agents()).toEqual(['claude-code', 'claude-code']);
  });

  it('watches on when the file cannot be written, says so once and in its exit code', async () => {
    const { ended, written } = start('--once', '--verdict-file', 'none/verdict.jsonl');
    play(CLEAN);
    expect(await ended).toBe(3);
    expect(written.err).toMatch(/none\/verdict\.jsonl cannot be written: ENOENT/);
  });
});
