import { describe, expect, test } from 'vitest';
import { Curator } from '../../../src/detect/baseline/curator.ts';
import { memoryStore } from '../../../src/detect/baseline/memory-store.ts';
import { detectConfig, newBaselines, profile } from '../actions.ts';

const open = async () => {
  const store = memoryStore();
  const baselines = newBaselines();
  return { store, baselines, curator: new Curator(baselines, store, detectConfig.baseline) };
};

describe('the curator', () => {
  test('lists what waits, why, and what it would add', async () => {
    const { store, baselines, curator } = await open();
    baselines.add(profile({ session: 'known', names: ['program node'], shapes: [[0]], path: [] }));
    await store.add(profile({ session: 'waits', doubts: ['set off by pull_request'] }), 'pending');
    expect(await curator.pending()).toMatchObject([
      { session: 'waits', doubts: ['set off by pull_request'], adds: ['symbol shell:node script'] },
    ]);
  });

  test('lets what a person approves count, sensitive or not', async () => {
    const { store, curator } = await open();
    await store.add(profile({ session: 'waits', doubts: ['error new-secret-read'] }), 'pending');
    expect(await curator.approve(['waits'])).toBe(1);
    expect(await store.load()).toEqual([profile({ session: 'waits', vouched: true })]);
    expect(await store.load('pending')).toEqual([]);
  });

  test('forgets what a person rejects', async () => {
    const { store, curator } = await open();
    await store.add(profile({ session: 'waits' }), 'pending');
    expect(await curator.reject(['waits'])).toBe(1);
    expect([...(await store.load()), ...(await store.load('pending'))]).toEqual([]);
  });

  test('does nothing when one of the sessions does not wait', async () => {
    const { store, curator } = await open();
    await store.add(profile({ session: 'waits' }), 'pending');
    await expect(curator.approve(['waits', 'gone'])).rejects.toThrow('no such session waits: gone');
    expect(await store.load('pending')).toHaveLength(1);
  });

  test('takes back what ended after a time: it waits again', async () => {
    const { store, curator } = await open();
    await store.add(profile({ session: 'early', ended: '10' }));
    await store.add(profile({ session: 'late', ended: '30', vouched: true }));
    expect(await curator.rollback(20n)).toBe(1);
    expect((await store.load()).map(({ session }) => session)).toEqual(['early']);
    expect(await store.load('pending')).toEqual([
      profile({ session: 'late', ended: '30', doubts: ['taken back by a rollback'] }),
    ]);
  });

  test('shows how far a scope has come', async () => {
    const { baselines, curator } = await open();
    expect(await curator.show(0n)).toBe('nothing was learned yet\n');
    for (const session of ['a', 'b', 'c']) baselines.add(profile({ session, ended: '1' }));
    expect(await curator.show(2n)).toContain('acme/shop › agent › implement › codex-cli  3 sessions, ready');
    expect(await curator.show(10_000_000_000_000_000n)).toContain('3 sessions, stale');
  });
});
