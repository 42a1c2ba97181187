import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SpoolOptions } from '../../../src/alert/spool/spool.ts';
import { expectCounted, expectLog, fault } from '../../faults/fault.ts';
import { describeWithServer, type Server, startRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { anAlert, at } from '../timeline.ts';
import {
  am,
  type Bench,
  contract,
  endProcesses,
  expectHealth,
  health,
  log,
  messages,
  rules,
  start,
  startWaiting,
} from './contract.ts';

/** On a server of its own, so that faults hit nothing else. */
const redisBench = (url: () => string, run: (...command: [string, ...string[]]) => Promise<unknown>) => {
  const place = () => ({ redis: url(), owner: 'node 1/{x}' });
  const key = 'creance:spool:{node%201%2F%7Bx%7D}';
  const values = async () => {
    const flat = (await run('HGETALL', `${key}:alerts`)) as readonly string[];
    return flat.flatMap((value, at) => (at % 2 === 1 && flat[at - 1] !== 'epoch' ? [value] : []));
  };
  const bench: Bench = {
    place,
    // Its own clock stands still from here on; its lock runs out.
    crash: async () => void (await run('DEL', `${key}:lock`)),
    lines: async () => (await values()).flatMap((value) => value.split('\n').slice(0, -1)),
    damage: async (text) => {
      const flat = (await run('HGETALL', `${key}:alerts`)) as readonly string[];
      const at = flat.findIndex((value) => value.includes(text));
      await run('HSET', `${key}:alerts`, String(flat[at - 1]), '\u0000garbage\n');
    },
    aside: async () => String(await run('HVALS', `${key}:alerts:damaged`)),
    refuse: async () => void (await run('CONFIG', 'SET', 'maxmemory', '1')),
    accept: async () => void (await run('CONFIG', 'SET', 'maxmemory', '0')),
    reason: 'OOM',
    where: 'in Redis',
    refused: fault('spool-redis-full'),
    unread: fault('spool-redis-unread'),
  };
  return { ...bench, place, key };
};

const admin =
  (server: () => Server) =>
  async (...command: [string, ...string[]]): Promise<unknown> => {
    const client = new Redis(server().port);
    try {
      return await client.call(...command);
    } finally {
      client.disconnect();
    }
  };

describeWithServer('redis-server', 'a spool in Redis', () => {
  let server: Server;
  endProcesses();
  const run = admin(() => server);
  const bench = redisBench(() => server.url, run);
  const { place, key, lines, crash } = bench;
  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(() => run('FLUSHALL'));
  afterEach(() => run('CONFIG', 'SET', 'maxmemory', '0'));
  afterAll(() => server.dispose());
  const open = (over?: Partial<SpoolOptions>) => start(place(), over);
  const has = (text: string) => until(async () => (await lines()).join().includes(text));

  contract(bench);

  it('keeps owners and prefixes apart, and leaves nothing of one that has nothing', async () => {
    const places = [place(), { ...place(), owner: 'b' }, { ...place(), redis: `${server.url}/0?prefix=x:` }];
    const all = await Promise.all(places.map((one) => start(one)));
    for (const [n, { spool }] of all.entries()) spool.put(anAlert(`r${n}`, { endsAt: at(1) }));
    await until(async () => ((await run('KEYS', '*')) as string[]).length === 6);
    expect(messages()).toEqual([]);
    for (const [n, { spool }] of all.entries()) {
      expect(rules(spool.pendingFor(am))).toBe(`r${n}`);
      for (const sink of ['am', 'file']) spool.settle(sink, spool.pendingFor({ name: sink }));
      await spool.close();
    }
    expect(await run('KEYS', '*')).toEqual([]);
  });

  it('lets the alerts of an owner that is gone run out', async () => {
    const { spool } = await open();
    spool.put(anAlert('a'));
    await has('it was a');
    expect(Number(await run('PTTL', `${key}:alerts`))).toBeGreaterThan(6.9 * 86_400_000);
    expect(Number(await run('PTTL', `${key}:lock`))).toBeLessThanOrEqual(6_000);
  });

  it('waits for the lock of a holder that is silent until it has run out', async () => {
    await run('SET', `${key}:lock`, 'the dead', 'PX', '600');
    const { spool } = await startWaiting(place());
    spool.put(anAlert('a'));
    await has('it was a');
    expect(log).toEqual([]);
  });

  it('holds its lock while nothing happens, and never writes over a process that has it since', async () => {
    const first = await open();
    first.spool.put(anAlert('a'));
    await has('it was a');
    await run('PEXPIRE', `${key}:lock`, '1000');
    first.clock.advance(2_000);
    await until(async () => Number(await run('PTTL', `${key}:lock`)) > 1_000);
    // It is paused until its lock has run out, and goes on as if nothing had been.
    await crash(first);
    const second = await open();
    expect(rules(second.spool.firing())).toBe('a');
    first.spool.put(anAlert('b'));
    await until(() => messages().length === 1);
    expect(log[0]).toMatchObject({ reason: expect.stringContaining('another process has it') });
    first.clock.advance(10_000);
    await until(() => messages()[1]?.includes('another creance'));
    expect((await lines()).join()).not.toContain('it was b');
    second.spool.put(anAlert('c'));
    await has('it was c');
    await second.spool.close();
    first.clock.advance(10_000);
    await has('it was b');
    expect((await lines()).join()).toContain('it was c');
  });

  it('goes on where it was when only its lock ran out', async () => {
    const { spool } = await open();
    await run('DEL', `${key}:lock`);
    spool.put(anAlert('a'));
    await has('it was a');
    expect(await run('EXISTS', `${key}:lock`)).toBe(1);
    expect(log).toEqual([]);
  });

  it('writes all anew when Redis was killed and has forgotten, without an alert to set it off', async () => {
    const row = fault('spool-redis-forgets');
    const { spool, clock, registry } = await open();
    spool.put(anAlert('a'));
    await has('it was a');
    await server.kill();
    spool.put(anAlert('b'));
    await until(() => health.length > 1);
    expect(health[1]).toMatch(/^ready: alerts cannot be kept in Redis: /);
    await server.start();
    expect(await run('KEYS', '*')).toEqual([]);
    clock.advance(10_000);
    await until(() => messages().at(-1) === 'alerts are kept in Redis again');
    expect((await lines()).length).toBe(2);
    await run('FLUSHALL');
    clock.advance(2_000);
    await until(() => health.at(-1)?.includes('is gone'));
    expectHealth(row, health.at(-1));
    clock.advance(10_000);
    await until(async () => (await lines()).length === 2 - row.lost.count);
    await until(() => messages().length === 4);
    expectLog(row, log, 2);
    expectCounted(row, await registry.metrics());
  });

  it('is written again once a Redis that became a replica takes writes', async () => {
    const row = fault('spool-redis-read-only');
    const { spool, clock, registry } = await open();
    await run('REPLICAOF', '127.0.0.1', '1');
    spool.put(anAlert('a'));
    await until(() => health.at(-1)?.includes('READONLY'));
    expectHealth(row, health.at(-1));
    await run('REPLICAOF', 'NO', 'ONE');
    clock.advance(10_000);
    await until(async () => (await lines()).length === 1 - row.lost.count);
    await until(() => messages().length === 2);
    expectLog(row, log);
    expectCounted(row, await registry.metrics());
  });

  it('gives a Redis that hangs five seconds', async () => {
    const { spool, clock } = await open();
    await run('CLIENT', 'PAUSE', '5500', 'ALL');
    spool.put(anAlert('a'));
    await until(() => health.at(-1)?.includes('timed out'));
    clock.advance(10_000);
    await has('it was a');
  });

  it('makes nobody wait for a Redis that is slow, and sends in one write what changed meanwhile', async () => {
    const process = await open({ capacity: 1_000 });
    await run('CLIENT', 'PAUSE', '1500', 'ALL');
    const before = performance.now();
    for (let n = 0; n < 20_000; n++) process.spool.put(anAlert(`r${n % 500}`));
    expect(performance.now() - before).toBeLessThan(1_400);
    expect(process.spool.firing()).toHaveLength(500);
    await until(async () => (await lines()).length === 500);
    const stats = String(await run('INFO', 'commandstats'));
    expect(Number(/cmdstat_eval:calls=(\d+)/.exec(stats)?.[1])).toBeLessThan(1_200);
    expect(log).toEqual([]);
  });
});

describeWithServer('redis-server', 'a spool in a Redis cluster', () => {
  let server: Server;
  endProcesses();
  const run = admin(() => server);
  const bench = redisBench(() => `redis-cluster://127.0.0.1:${server.port}`, run);
  beforeAll(async () => {
    const cluster = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
    server = await startRedis([...cluster, '--save', '', '--appendonly', 'no']);
    await run('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until(async () => String(await run('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  });
  beforeEach(() => run('FLUSHALL'));
  afterEach(() => run('CONFIG', 'SET', 'maxmemory', '0'));
  afterAll(() => server.dispose());
  contract(bench);
});
