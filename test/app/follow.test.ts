import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreFollower } from '../../src/app/follow.ts';
import { curate, type Knowledge, openKnowledge } from '../../src/app/knowledge.ts';
import { loadConfig } from '../../src/config.ts';
import { ManualClock } from '../../src/platform/clock.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { profile } from '../detect/actions.ts';
import { describeWithServer, startRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';

let folder: string;
const stop: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'creance-follow-'));
});
afterEach(async () => {
  for (const task of stop.splice(0)) await task();
  await rm(folder, { recursive: true, force: true });
});

const configOf = (store = `file:${folder}`) => {
  const loaded = loadConfig({ env: {}, flags: [{ flag: '--store', key: 'store', value: store }], cwd: '/' });
  if (!loaded.ok) throw new Error(loaded.message);
  return loaded.config;
};

/** A service that follows the store, and a person beside it. */
const setUp = async (over: Partial<Knowledge> = {}, store?: string) => {
  const config = configOf(store);
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line).msg) });
  const knowledge = { ...(await openKnowledge({ config, log })), ...over };
  const registry = createRegistry();
  const clock = new ManualClock();
  const ending = new AbortController();
  const follower = new StoreFollower(knowledge, { clock, log, registry, signal: ending.signal });
  await follower.readLearned();
  const following = follower.follow(() => undefined);
  stop.push(() => {
    ending.abort();
    return following;
  });
  const known = () => knowledge.baselines.all().flatMap(({ profiles }) => profiles.map(({ session }) => session));
  const soon = (condition: () => unknown) =>
    until(() => {
      clock.advance(5_000);
      return condition();
    });
  const curator = curate(await openKnowledge({ config, log }), config);
  return { knowledge, follower, known, soon, lines, curator, registry };
};

describe('a service that follows its store', () => {
  it('goes by what a person approves, takes back and freezes meanwhile', async () => {
    const { knowledge, follower, known, soon, curator } = await setUp();
    await knowledge.store.add(profile({ session: 'waits', ended: '5000', doubts: ['new'] }), 'pending');
    await curator.approve(['waits']);
    await soon(() => known().includes('waits'));
    await curator.rollback(1n);
    await soon(() => known().length === 0);
    expect(follower.frozen).toBe(false);
    await curator.freeze(true);
    await soon(() => follower.frozen);
  });

  it('learns what another service learned', async () => {
    const { known, soon } = await setUp();
    const other = await openKnowledge({ config: configOf(), log: pino({ level: 'silent' }) });
    await other.store.add(profile({ session: 'theirs' }));
    await soon(() => known().includes('theirs'));
  });

  it('goes on with what is known while the store does not answer, and tells that once', async () => {
    let down = false;
    const { knowledge } = await setUp();
    const { desk } = knowledge;
    const read = desk.read.bind(desk);
    desk.read = () => (down ? Promise.reject(new Error('away')) : read());
    const { soon, lines, registry } = await setUp({ desk });
    const failures = async () =>
      (await registry.getSingleMetric('creance_store_read_failures_total')?.get())?.values[0]?.value ?? 0;
    down = true;
    await soon(async () => (await failures()) >= 3);
    down = false;
    await soon(() => lines.some((line) => line.includes('again')));
    expect(lines).toEqual([
      'what people accepted and others learned cannot be read; what was known goes on',
      'what people accepted and others learned can be read again',
    ]);
  });

  it('gives a store that was wiped back what is known: sessions, what was accepted, the freeze', async () => {
    const { knowledge, follower, known, soon, lines, curator } = await setUp();
    const { store, desk, acceptances } = knowledge;
    const incident = { id: '75e766c0a3ce', places: [{ scope: {}, agent: 'codex-cli', names: ['a'] }] };
    await desk.documents.put('incidents', incident.id, { labels: {}, annotations: {}, startsAt: '1', incident });
    await desk.accept(incident.id, { by: 'ana', at: 1n });
    await store.add(profile({ session: 'mine' }));
    await curator.freeze(true);
    await soon(() => known().includes('mine') && follower.frozen);
    // At once: a removal in steps may thaw it before it has forgotten.
    await rename(folder, `${folder}.gone`);
    await rm(`${folder}.gone`, { recursive: true });
    await soon(async () => (await store.sessions()).has('mine') && (await desk.accepted()).length === 1);
    await soon(() => lines.length > 0);
    expect([follower.frozen, await store.isFrozen()]).toEqual([true, true]);
    expect(acceptances.covers({ scope: {}, agent: 'codex-cli', start: 5n }, 'a')).toBe(true);
    expect(await desk.history()).toMatchObject([{ act: 'restore', by: 'ana' }]);
    expect(lines).toEqual([
      'the store had forgotten everything; what is known here was given back, what waited for a person and the audit journal were not',
    ]);
  });

  it('judges by what was learned although nobody can read what was accepted, and tells which cannot be', async () => {
    const { knowledge, known, soon, lines } = await setUp();
    await knowledge.desk.documents.put('accepted', '75e766c0a3ce', { version: 99 });
    await knowledge.store.add(profile({ session: 'theirs' }));
    await soon(() => known().includes('theirs') && lines.length > 0);
    expect(lines).toEqual(['what was accepted cannot be read; these incidents count as not accepted']);
  });
});

describeWithServer('redis-server', 'a service that follows a real Redis', () => {
  it('gives it back what it forgot at a restart', async () => {
    const redis = await startRedis();
    try {
      const { knowledge, follower, known, soon, curator, lines } = await setUp({}, redis.url);
      const { store } = knowledge;
      await store.add(profile({ session: 'mine' }));
      await curator.freeze(true);
      await soon(() => known().includes('mine') && follower.frozen);
      await redis.kill();
      await redis.start();
      await soon(async () => lines.some((line) => line.startsWith('the store had forgotten everything')));
      expect([[...(await store.sessions())], await store.isFrozen()]).toEqual([['mine'], true]);
      await store.close();
      await knowledge.desk.documents.close();
    } finally {
      await redis.dispose();
    }
  });
});
