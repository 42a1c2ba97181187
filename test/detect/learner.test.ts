import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/detect/baseline/memory-store.ts';
import { openStore } from '../../src/detect/baseline/open-store.ts';
import type { ProfileStore } from '../../src/detect/baseline/store.ts';
import { Learner } from '../../src/detect/learner.ts';
import { createLearnMetrics } from '../../src/detect/metrics.ts';
import { ManualClock } from '../../src/platform/clock.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { describeWithServer, startRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { newBaselines, profile } from './actions.ts';

const log = pino({ level: 'silent' });
const numbered = (count: number) => Array.from({ length: count }, (_, at) => profile({ session: `s-${1_000 + at}` }));

/** A store that refuses so many times before it takes anything. */
const sulking = (refusals: number): ProfileStore => {
  const store = memoryStore();
  let left = refusals;
  return { ...store, add: (...args) => (left-- > 0 ? Promise.reject(new Error('not now')) : store.add(...args)) };
};

describe('the learner', () => {
  test('learns a session once, in memory at once', async () => {
    const baselines = newBaselines();
    const learner = new Learner(baselines, { log, metrics: createLearnMetrics(createRegistry()) });
    expect([learner.learn(profile()), learner.learn(profile())]).toEqual([true, false]);
    expect(baselines.of(profile()).own.sessions).toBe(1);
    await learner.flush();
  });

  test('learns of as many scopes as it may, and goes on with those', async () => {
    const registry = createRegistry();
    const baselines = newBaselines();
    const lines: string[] = [];
    const telling = pino({}, { write: (line: string) => lines.push(JSON.parse(line).msg) });
    const learner = new Learner(baselines, { log: telling, metrics: createLearnMetrics(registry), maxScopes: 2 });
    const of = (repository: string, session: string) => profile({ session, scope: { repository } });
    const learned = ['a', 'b', 'c', 'd'].map((name) => learner.learn(of(`acme/${name}`, name)));
    learner.quarantine(of('acme/e', 'e'), ['new']);
    expect([...learned, learner.learn(of('acme/a', 'a-2'))]).toEqual([true, true, false, false, true]);
    expect(baselines.scopes).toBe(2);
    expect(await registry.metrics()).toContain('creance_baseline_sessions_refused_total 3');
    expect(lines).toHaveLength(1);
    await learner.flush();
  });

  test('tries again until the store takes it, in the order in which it came', async () => {
    const clock = new ManualClock();
    const store = sulking(3);
    const learner = new Learner(newBaselines(), { store, log, clock, metrics: createLearnMetrics(createRegistry()) });
    for (const one of numbered(5)) learner.learn(one);
    for (let at = 0; at < 50; at++) {
      clock.advance(10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await store.load()).toEqual(numbered(5));
    expect(learner.failures).toBe(0);
  });

  test('gives up at the end after a few tries, and says so', async () => {
    const store = sulking(Number.POSITIVE_INFINITY);
    const registry = createRegistry();
    const learner = new Learner(newBaselines(), { store, log, metrics: createLearnMetrics(registry) });
    for (const one of numbered(2)) learner.learn(one);
    await learner.flush();
    expect(learner.failures).toBe(2);
    expect(await registry.metrics()).toContain('creance_baseline_sessions_lost_total 2');
    expect(await registry.metrics()).toContain('creance_baseline_commits_pending 0');
  });

  test('holds a bounded number while the store does not answer', async () => {
    const registry = createRegistry();
    const stuck = { ...memoryStore(), add: () => new Promise<never>(() => {}) };
    const learner = new Learner(newBaselines(), { store: stuck, log, metrics: createLearnMetrics(registry) });
    for (const one of numbered(1_500)) learner.learn(one);
    expect(await registry.metrics()).toContain('creance_baseline_commits_pending 1000');
    expect(learner.failures).toBe(500);
  });

  test('learns nothing while the baseline is frozen: sessions wait', async () => {
    const store = memoryStore();
    const baselines = newBaselines();
    const metrics = createLearnMetrics(createRegistry());
    const learner = new Learner(baselines, { store, log, metrics, frozen: () => true });
    expect(learner.learn(profile())).toBe(false);
    await learner.flush();
    expect(await store.load()).toEqual([]);
    expect(await store.load('pending')).toMatchObject([{ doubts: ['the baseline is frozen'] }]);
  });
});

describeWithServer('redis-server', 'the learner and a Redis that restarts under load', () => {
  test('loses nothing and adds nothing twice', async () => {
    const server = await startRedis(['--save', '', '--appendonly', 'yes', '--appendfsync', 'always']);
    const profiles = numbered(400);
    const opened = await Promise.all(Array.from({ length: 8 }, () => openStore(server.url, log)));
    const writers = opened.map((store) => ({
      store,
      learner: new Learner(newBaselines(), { store, log, metrics: createLearnMetrics(createRegistry()) }),
    }));
    for (const [at, one] of profiles.entries()) {
      for (const writer of [at % 8, (at + 3) % 8]) writers[writer]?.learner.learn(one);
      if (at === 100) await server.kill();
      if (at === 200) await server.start();
      if (at % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const [first] = writers;
    await until(async () => (await first?.store.load())?.length === profiles.length, { timeoutMs: 25_000 });
    await Promise.all(writers.map(({ learner }) => learner.flush()));
    expect(await first?.store.load()).toEqual(profiles);
    expect(writers.map(({ learner }) => learner.failures)).toEqual(writers.map(() => 0));
    await Promise.all(writers.map(({ store }) => store.close()));
    await server.dispose();
  });
});
