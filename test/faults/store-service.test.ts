import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../src/detect/baseline/open-store.ts';
import { type FalcoDouble, startFalco } from '../support/falco-double.ts';
import { responseOfJson } from '../support/falco-messages.ts';
import { describeWithServer, type Server, startRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { expectCounted, expectLogAmongOthers, expectReadyz, fault } from './fault.ts';
import { AFTER_THEFT, ALSO_CLEAN, CLEAN, CLEAN_LATER, THEFT } from './recorded.ts';
import { type Service, startService } from './service.ts';

describeWithServer('redis-server', 'a service whose store is in Redis', () => {
  let redis: Server;
  let falco: FalcoDouble;
  let services: Service[];
  beforeEach(async () => {
    redis = await startRedis(['--save', '', '--appendonly', 'yes', '--appendfsync', 'always']);
    falco = await startFalco();
    services = [];
  });
  afterEach(async () => {
    for (const service of services) await service.stop();
    falco.dispose();
    await redis.dispose();
  });

  const start = async (): Promise<Service> => {
    const service = await startService({ 'source.url': falco.url, store: redis.url });
    services.push(service);
    return service;
  };
  const play = (lines: readonly string[]) => falco.push(...lines.map(responseOfJson));
  const isReady = (service: Service) => until(async () => (await service.readyz()).ready, { timeoutMs: 20_000 });
  const held = async () => {
    const store = await openStore(redis.url, pino({ level: 'silent' }));
    try {
      return { learned: await store.load(), pending: await store.load('pending') };
    } finally {
      await store.close();
    }
  };

  it('goes on while Redis restarts, and keeps what it learned meanwhile', async () => {
    const row = fault('redis-restarts');
    const service = await start();
    await isReady(service);
    play(CLEAN);
    await service.ended(1);
    await until(async () => (await service.metric('creance_baseline_commits_pending')) === 0);
    await redis.kill();
    play(ALSO_CLEAN);
    await service.ended(2);
    await until(() => service.log.some(({ msg }) => msg === row.log[0]));
    expectReadyz(row, await service.readyz());
    await redis.start();
    await until(async () => (await service.metric('creance_baseline_commits_pending')) === 0, { timeoutMs: 20_000 });
    expect((await held()).learned).toHaveLength(2);
    expect(await service.metric('creance_baseline_sessions_lost_total')).toBe(row.lost.count);
    expectLogAmongOthers(row, service.log);
    expectCounted(row, await service.metrics());

    const next = await start();
    await isReady(next);
    expect(await next.metric('creance_baseline_sessions')).toBe(2);
  });

  it('starts without it, says so, and takes what was learned into use when it comes', async () => {
    const row = fault('redis-away-at-start');
    const earlier = await start();
    await isReady(earlier);
    play(CLEAN);
    await earlier.ended(1);
    await earlier.stop();
    expect((await held()).learned).toHaveLength(1);

    await redis.kill();
    const service = await start();
    await until(() => service.log.some(({ msg }) => msg === row.log[0]));
    expectReadyz(row, await service.readyz());
    expect(await service.metric('creance_baseline_read')).toBe(0);
    play(THEFT);
    await until(() => service.alerts.some(({ labels }) => labels.rule === 'credential-read-then-egress'));
    await redis.start();
    await isReady(service);
    expect(await service.metric('creance_baseline_read')).toBe(1);
    expect(await service.metric('creance_baseline_sessions')).toBe(1);

    play(AFTER_THEFT);
    await service.ended(1);
    play(CLEAN_LATER);
    await service.ended(2);
    await until(async () => (await held()).learned.length === 2);
    const { pending } = await held();
    expect(pending).toHaveLength(1);
    expect(pending[0]?.doubts).toContain('it was judged before what was learned had been read');
    expect(await service.metric('creance_baseline_sessions_lost_total')).toBe(row.lost.count);
    expectLogAmongOthers(row, service.log);
    expectCounted(row, await service.metrics());
  });
});
