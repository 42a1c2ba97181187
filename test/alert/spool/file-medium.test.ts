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
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Journal } from '../../../src/alert/spool/journal.ts';
import type { SpoolOptions } from '../../../src/alert/spool/spool.ts';
import { fault } from '../../faults/fault.ts';
import { until } from '../../support/until.ts';
import { anAlert } from '../timeline.ts';
import { am, contract, endProcesses, health, log, messages, type Process, rules, start } from './contract.ts';

describe('a spool in a folder', () => {
  let folder: string;
  const path = () => join(folder, 'journal.jsonl');
  endProcesses();
  const place = () => ({ folder });
  const open = (over?: Partial<SpoolOptions>) => start(place(), over);
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'creance-spool-')), 'alerts');
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(join(folder, '..'), { recursive: true, force: true });
  });
  const crash = async ({ spool }: Process) => {
    const journal = readFileSync(path());
    await spool.close();
    writeFileSync(path(), journal);
  };
  const enospc = () => {
    throw new Error('ENOSPC: no space left on device, write');
  };

  contract({
    place,
    crash,
    lines: async () => readFileSync(path(), 'utf8').split('\n').slice(0, -1),
    damage: async (text) => {
      const lines = readFileSync(path(), 'utf8').split('\n');
      writeFileSync(path(), lines.map((line) => (line.includes(text) ? '\u0000garbage' : line)).join('\n'));
    },
    aside: async () => {
      const [name = '', ...more] = readdirSync(folder).filter((one) => one.endsWith('.corrupt'));
      expect(more).toEqual([]);
      return readFileSync(join(folder, name), 'utf8');
    },
    refuse: async () => {
      for (const method of ['read', 'append', 'rewrite'] as const)
        vi.spyOn(Journal.prototype, method).mockImplementation(enospc);
    },
    accept: async () => void vi.restoreAllMocks(),
    reason: 'ENOSPC',
    where: 'on disk',
    refused: fault('spool-disk-full'),
    unread: fault('spool-disk-unread'),
  });

  it('has each alert in the file when it was handed over', async () => {
    const { spool } = await open();
    spool.put(anAlert('a'));
    expect(readFileSync(path(), 'utf8')).toContain('it was a');
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('takes a torn last line for what it is', async () => {
    const process = await open();
    process.spool.put(anAlert('a'));
    await crash(process);
    writeFileSync(path(), '{"put":7,"alert":{"lab', { flag: 'a' });
    expect(rules((await open()).spool.firing())).toBe('a');
    expect(log).toEqual([]);
  });

  it('stands in nobody’s way where its folder cannot be made, and tells once', async () => {
    writeFileSync(folder, 'a file');
    const { spool, clock } = await open();
    spool.put(anAlert('a'));
    clock.advance(10_000);
    await until(() => health.length === 2);
    expect(rules(spool.pendingFor(am))).toBe('a');
    expect(messages()).toEqual([expect.stringContaining('cannot be kept on disk')]);
    expect(health.at(-1)).toMatch(/^not ready/);
    rmSync(folder);
    clock.advance(10_000);
    await until(() => health.at(-1) === 'ready: alerts are kept on disk');
    expect(readFileSync(path(), 'utf8')).toContain('"rule":"a"');
  });

  it('notices a disk that is full when the journal is written anew', async () => {
    const process = await open();
    for (let n = 0; n < 600; n++) process.spool.put(anAlert('a'));
    // A device that answers every write as a full disk does.
    symlinkSync('/dev/full', `${path()}.new`);
    for (let n = 0; n < 4_000; n++) process.spool.put(anAlert('b'));
    await until(() => health.length > 1);
    expect(log).toMatchObject([{ level: 50, reason: expect.stringContaining('ENOSPC') }]);
    expect(existsSync(`${path()}.new`)).toBe(false);
    process.spool.put(anAlert('c'));
    process.clock.advance(10_000);
    await until(() => messages().at(-1) === 'alerts are kept on disk again');
    await crash(process);
    expect(rules((await open()).spool.firing())).toBe('abc');
  });

  it('notices a disk that fails while lines are synced', async () => {
    const { spool } = await open();
    vi.spyOn(Journal.prototype, 'sync').mockRejectedValueOnce(new Error('EIO: i/o error, fdatasync'));
    spool.put(anAlert('a'));
    await until(() => health.at(-1)?.includes('EIO'));
  });
});
