import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertConfig } from '../../../src/alert/config.ts';
import { Journal } from '../../../src/alert/spool/journal.ts';
import { createSpoolMetrics } from '../../../src/alert/spool/metrics.ts';
import { type OpenSpool, openSpool, spoolFolder } from '../../../src/alert/spool/open.ts';
import { Shelf } from '../../../src/alert/spool/shelf.ts';
import { Spool } from '../../../src/alert/spool/spool.ts';
import type { Alert } from '../../../src/model/alert.ts';
import { ManualClock } from '../../../src/platform/clock.ts';
import { createRegistry } from '../../../src/platform/metrics.ts';
import { until } from '../../support/until.ts';
import { anAlert, at } from '../timeline.ts';

let folder: string;
let clock: ManualClock;
let log: { msg: string; level: number }[];
let health: string[];
let opened: OpenSpool[];
const logger = () => pino({}, { write: (line) => log.push(JSON.parse(line)) });
const noteHealth = (ready: boolean) => health.push(ready ? 'ready' : 'not ready');

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'creance-spool-')), 'alerts');
  clock = new ManualClock(at(0));
  log = [];
  health = [];
  opened = [];
});
afterEach(async () => {
  for (const { close } of opened) await close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const tryOpen = async (over: Partial<Parameters<typeof openSpool>[1]> = {}): Promise<OpenSpool | undefined> => {
  const deps = { log: logger(), clock, registry: createRegistry(), health: noteHealth };
  const spool = await openSpool(folder, { capacity: 10, sinks: ['am', 'file'], ...over }, deps);
  if (spool) opened.push(spool);
  return spool;
};
const open = async (over = {}): Promise<Spool> => {
  const result = await tryOpen(over);
  if (!result) throw new Error('taken');
  return result.spool;
};
/** As a crash leaves it: the lock is gone with the process, nothing was closed. */
const crash = async (): Promise<void> => {
  const journal = readFileSync(join(folder, 'journal.jsonl'));
  await opened.pop()?.close();
  writeFileSync(join(folder, 'journal.jsonl'), journal);
};
const rules = (alerts: readonly Alert[]) => alerts.map(({ labels }) => labels.rule).join('');
const am = { name: 'am', repeats: true };
const file = { name: 'file' };

describe('Spool', () => {
  it('hands a new process what fires, and to each sink what it has not got', async () => {
    const spool = await open();
    const [a, b, c] = [anAlert('a'), anAlert('b', { sessions: ['s'] }), anAlert('c', { endsAt: at(2) })];
    for (const alert of [a, b, c]) spool.put(alert);
    spool.settle('am', [a, c]);
    spool.settle('file', [a]);
    await crash();
    const again = await open();
    expect(again.firing()).toEqual([a, b]);
    expect(rules(again.pendingFor(am))).toBe('ab');
    expect(rules(again.pendingFor(file))).toBe('bc');
    expect(log).toEqual([]);
  });

  it('forgets an alert that is over once all sinks have it, and those of sinks that are no more', async () => {
    const spool = await open();
    spool.put(anAlert('a'));
    const over = anAlert('a', { endsAt: at(1) });
    spool.put(over);
    const half = anAlert('b', { endsAt: at(1) });
    spool.put(half);
    spool.settle('am', [over, half]);
    spool.settle('file', [over]);
    await crash();
    expect((await open()).pendingFor(file)).toEqual([half]);
    await crash();
    expect((await open({ sinks: ['am'] })).pendingFor(file)).toEqual([]);
  });

  it('does not take an older state for the newer one', async () => {
    const spool = await open();
    const older = anAlert('a');
    spool.put(older);
    spool.put(anAlert('a', { endsAt: at(1) }));
    spool.settle('am', [older]);
    expect(rules(spool.pendingFor(am))).toBe('a');
  });

  it('keeps no more than its capacity, on disk too, and its files to itself', async () => {
    const spool = await open({ capacity: 3 });
    for (let n = 0; n < 5_000; n++) spool.put(anAlert(`r${n % 7}`));
    expect(spool.firing()).toHaveLength(3);
    expect(readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('\n').length).toBeLessThan(1_100);
    expect(statSync(join(folder, 'journal.jsonl')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await crash();
    expect((await open()).firing()).toHaveLength(3);
  });

  it('goes on with what can be read of a damaged journal, sets it aside and tells', async () => {
    const spool = await open();
    for (const rule of 'abc') spool.put(anAlert(rule));
    await opened.pop()?.close();
    const path = join(folder, 'journal.jsonl');
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, [lines[0], '\u0000\u0000garbage', lines[2], ''].join('\n'));
    expect(rules((await open()).firing())).toBe('ac');
    expect(log).toMatchObject([{ level: 50, lines: 1, alerts: 2, msg: expect.stringContaining('set aside') }]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.corrupt'))).toHaveLength(1);
    await crash();
    expect(rules((await open()).firing())).toBe('ac');
  });

  it('takes a torn last line for what it is', async () => {
    const spool = await open();
    spool.put(anAlert('a'));
    await crash();
    writeFileSync(join(folder, 'journal.jsonl'), '{"put":7,"alert":{"lab', { flag: 'a' });
    expect(rules((await open()).firing())).toBe('a');
    expect(log).toEqual([]);
  });

  it('leaves the spool to the process that has it', async () => {
    await open();
    expect(await tryOpen()).toBeUndefined();
    expect(log[0]?.msg).toContain('another creance');
    await opened.pop()?.close();
    expect(await tryOpen()).toBeDefined();
  });

  it('stands in nobody’s way where its folder cannot be made, and tells once', async () => {
    writeFileSync(folder, 'a file');
    const spool = await open();
    spool.put(anAlert('a'));
    clock.advance(60_000);
    expect(rules(spool.pendingFor(am))).toBe('a');
    expect(log.map(({ msg }) => msg)).toEqual([expect.stringContaining('cannot be kept on disk')]);
    expect(health.at(-1)).toBe('not ready');
    rmSync(folder);
    clock.advance(10_000);
    expect(health.at(-1)).toBe('ready');
    expect(readFileSync(join(folder, 'journal.jsonl'), 'utf8')).toContain('"rule":"a"');
  });

  it('writes all it holds once a full disk has room again', async () => {
    const spool = await open();
    for (let n = 0; n < 600; n++) spool.put(anAlert('a'));
    // A device that answers every write as a full disk does.
    symlinkSync('/dev/full', join(folder, 'journal.jsonl.new'));
    for (let n = 0; n < 401; n++) spool.put(anAlert('b'));
    expect(log.at(-1)).toMatchObject({ level: 50, reason: expect.stringContaining('ENOSPC') });
    expect(health).toEqual(['ready', 'not ready']);
    spool.put(anAlert('c'));
    clock.advance(10_000);
    expect(log.at(-1)?.msg).toBe('alerts are kept on disk again');
    expect(health).toEqual(['ready', 'not ready', 'ready']);
    await crash();
    expect(rules((await open()).firing())).toBe('abc');
  });

  it('notices a disk that fails while lines are appended or synced', async () => {
    class Failing extends Journal {
      how: 'append' | 'sync' | 'not' = 'not';
      override append(text: string): void {
        if (this.how === 'append') throw new Error('EROFS: read-only file system, write');
        super.append(text);
      }
      override sync(): Promise<void> {
        return this.how === 'sync' ? Promise.reject(new Error('EIO: i/o error, fdatasync')) : super.sync();
      }
    }
    const journal = new Failing(join(folder, 'journal.jsonl'));
    const metrics = createSpoolMetrics(createRegistry());
    const spool = new Spool(
      journal,
      new Shelf(),
      { capacity: 9, sinks: [] },
      { log: logger(), clock, metrics, health: noteHealth },
    );
    for (const how of ['append', 'sync'] as const) {
      journal.how = how;
      spool.put(anAlert(how));
      await until(() => health.at(-1) === 'not ready');
      journal.how = 'not';
      clock.advance(10_000);
      expect(health.at(-1)).toBe('ready');
    }
    expect((await metrics.errors.get()).values[0]?.value).toBe(2);
    await spool.close();
    expect(existsSync(join(folder, 'journal.jsonl.new'))).toBe(false);
  });
});

describe('spoolFolder', () => {
  it.each([
    [{}, 'file:/s', '/s/alerts'],
    [{}, 'redis://r', undefined],
    [{}, 'memory:', undefined],
    [{ spool: '/x' }, 'memory:', '/x'],
    [{ spool: 'off' }, 'file:/s', undefined],
  ])('%j with %s', (config, store, expected) => {
    expect(spoolFolder(alertConfig.parse(config), store)).toBe(expected);
  });
});
