import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/platform/clock.ts';
import { hang, Stub } from '../alert/stub.ts';
import { type FalcoDouble, startFalco } from '../support/falco-double.ts';
import { responseOfJson } from '../support/falco-messages.ts';
import { describeWithServer, startRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { expectCounted, expectLog, expectReadyz, fault } from './fault.ts';
import { THEFT } from './recorded.ts';
import type { Fault } from './row.ts';
import { type Service, startService } from './service.ts';
import { describeWithDisk, mountSmallDisk } from './small-disk.ts';

/** Its pauses are twenty times shorter. */
const hasty: Clock = { ...systemClock, after: (delayMs, task) => systemClock.after(delayMs / 20, task) };

let falco: FalcoDouble;
let folder: string;
let services: Service[];
let cleanups: (() => unknown)[];
beforeEach(async () => {
  falco = await startFalco();
  folder = mkdtempSync(join(tmpdir(), 'creance-fault-'));
  services = [];
  cleanups = [];
});
afterEach(async () => {
  for (const service of services) await service.stop();
  for (const cleanup of cleanups) await cleanup();
  falco.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (settings: Readonly<Record<string, string>>): Promise<Service> => {
  const service = await startService({ 'source.url': falco.url, ...settings }, hasty);
  services.push(service);
  await until(async () => (await service.readyz()).components.source?.ready);
  return service;
};

/** Has an alert raised, and waits until it fires. */
const raise = async ({ alerts }: Service): Promise<void> => {
  falco.push(...THEFT.map(responseOfJson));
  await until(() => alerts.some(({ labels }) => labels.rule === 'credential-read-then-egress'), { timeoutMs: 20_000 });
};

const said = ({ log }: Service, message: string | undefined) => until(() => log.some(({ msg }) => msg === message));

it('a service whose Alertmanager hangs is ready all the same', async () => {
  const row = fault('alertmanager-hangs');
  const stub = await new Stub().start();
  cleanups.push(() => stub.stop());
  stub.always = hang;
  const service = await start({ 'alert.alertmanagers': stub.url });
  await raise(service);
  await said(service, row.log[0]);
  expectReadyz(row, await service.readyz());
  expectCounted(row, await service.metrics());
});

interface Trouble {
  readonly breaks: () => unknown;
  readonly mends: () => unknown;
}

describe('the spool of a service', () => {
  /** Holds what can be seen of a spool that cannot be written to the row, until it can. */
  const survives = async (row: Fault, service: Service, { breaks, mends }: Trouble): Promise<void> => {
    await until(async () => (await service.readyz()).ready);
    await breaks();
    await raise(service);
    await said(service, row.log[0]);
    expectReadyz(row, await service.readyz());
    await mends();
    await said(service, row.log[1]);
    await until(async () => (await service.readyz()).ready);
    expectLog(row, service.log);
    expectCounted(row, await service.metrics());
  };

  describeWithDisk('on a disk', () => {
    it('that is full', async () => {
      const disk = mountSmallDisk();
      cleanups.push(() => disk.dispose());
      const service = await start({ 'alert.spool': join(disk.folder, 'alerts') });
      await survives(fault('spool-disk-full'), service, { breaks: () => disk.fill(), mends: () => disk.free() });
    });
  });

  describeWithServer('redis-server', 'in a Redis', () => {
    it('that is away for a while', async () => {
      const redis = await startRedis();
      cleanups.push(() => redis.dispose());
      const service = await start({ 'alert.spool': redis.url });
      await survives(fault('spool-redis-away'), service, { breaks: () => redis.kill(), mends: () => redis.start() });
    });
  });

  it('whose journal is damaged goes on with the rest, and keeps the file', async () => {
    const row = fault('spool-damaged');
    const spool = join(folder, 'alerts');
    const journal = join(spool, 'journal.jsonl');
    const earlier = await start({ 'alert.spool': spool });
    await raise(earlier);
    const [line] = readFileSync(journal, 'utf8').split('\n');
    await earlier.stop();
    writeFileSync(journal, `${line}\ngarbage\n`);
    const service = await start({ 'alert.spool': spool });
    await said(service, row.log[0]);
    const damaged = service.log.find(({ msg }) => msg === row.log[0]);
    expect(damaged).toMatchObject({ lines: row.lost.count, alerts: 1 });
    expect(readdirSync(spool).filter((name) => name.endsWith('.corrupt'))).toHaveLength(1);
    expectReadyz(row, await service.readyz());
    expectLog(row, service.log);
    expect(await service.metric('creance_spool_damaged_total')).toBe(row.lost.count);
    expectCounted(row, await service.metrics());
  });

  it('that another process has is left to it, and taken when that has ended', async () => {
    const row = fault('spool-shared');
    const settings = { 'alert.spool': join(folder, 'alerts') };
    const first = await start(settings);
    const second = await start(settings);
    await said(second, row.log[0]);
    expectReadyz(row, await second.readyz());
    await first.stop();
    await said(second, row.log[1]);
    expectReadyz({ ...row, readyz: { ...row.readyz, detail: 'alerts are kept on disk' } }, await second.readyz());
    expectLog(row, second.log);
    expectCounted(row, await second.metrics());
  });
});
