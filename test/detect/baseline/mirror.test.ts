import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/detect/baseline/memory-store.ts';
import { Mirror } from '../../../src/detect/baseline/mirror.ts';
import type { ProfileStore } from '../../../src/detect/baseline/store.ts';
import { newBaselines, profile } from '../actions.ts';

const named = (...sessions: readonly string[]) => sessions.map((session) => profile({ session }));

/** A store that a test may empty as a restart of Redis does, or take away. */
const setUp = async (...sessions: readonly string[]) => {
  const state = { store: memoryStore(), down: false };
  const store = new Proxy({} as ProfileStore, {
    get: (_, key: keyof ProfileStore) => {
      if (state.down) return () => Promise.reject(new Error('away'));
      return state.store[key];
    },
  });
  for (const one of named(...sessions)) await state.store.add(one);
  const baselines = newBaselines();
  const mirror = new Mirror(baselines, store);
  const known = () =>
    baselines
      .all()
      .flatMap(({ profiles }) => profiles.map(({ session }) => session))
      .sort();
  return { state, store, baselines, mirror, known };
};

describe('the mirror of a store', () => {
  it('takes in what others learned, and lets go of what was taken back', async () => {
    const { store, mirror, known } = await setUp('a', 'b');
    expect(await mirror.refresh()).toEqual({ added: 2, removed: 0, returned: 0, forgot: false });
    for (const one of named('c')) await store.add(one);
    await store.remove(named('a'));
    expect(await mirror.refresh()).toEqual({ added: 1, removed: 1, returned: 0, forgot: false });
    expect(known()).toEqual(['b', 'c']);
    expect(await mirror.refresh()).toEqual({ added: 0, removed: 0, returned: 0, forgot: false });
  });

  it('leaves alone what the store never had: it may be on its way, or be lost to the store', async () => {
    const { baselines, store, mirror, known } = await setUp('a', 'b');
    await mirror.refresh();
    for (const one of named('c', 'd')) baselines.add(one);
    expect(await mirror.refresh(new Set(['c']))).toMatchObject({ removed: 0 });
    await store.remove(named('a', 'b'));
    await mirror.refresh(new Set(['b']));
    expect(known()).toEqual(['b', 'c', 'd']);
  });

  it('gives a store that has forgotten everything back what it knew', async () => {
    const { state, store, mirror, known } = await setUp('a', 'b');
    await mirror.refresh();
    state.store = memoryStore();
    await state.store.add(profile({ session: 'c' }));
    expect(await mirror.refresh()).toEqual({ added: 1, removed: 0, returned: 2, forgot: true });
    expect([...(await store.sessions())].sort()).toEqual(['a', 'b', 'c']);
    expect(known()).toEqual(['a', 'b', 'c']);
    // From then on it is a store like any other.
    await store.remove(named('a'));
    expect(await mirror.refresh()).toMatchObject({ removed: 1, returned: 0 });
  });

  it('takes nothing for taken back while a store forgets, or does not answer', async () => {
    const { state, mirror, known } = await setUp('a', 'b');
    await mirror.refresh();
    state.down = true;
    await expect(mirror.refresh()).rejects.toThrow('away');
    state.down = false;
    const emptied = memoryStore();
    // Forgotten after it was asked who it is, and before it was asked what it has.
    const asked = {
      ...state.store,
      sessions: async () => {
        state.store = emptied;
        return emptied.sessions();
      },
    };
    state.store = asked;
    await mirror.refresh();
    expect(known()).toEqual(['a', 'b']);
    expect([...(await emptied.sessions())].sort()).toEqual(['a', 'b']);
  });

  it('keeps to the bounds of a scope in memory, and takes nothing from the store', async () => {
    const { baselines, mirror, store } = await setUp();
    const many = Array.from({ length: 503 }, (_, at) =>
      profile({ session: `s-${1000 + at}`, ended: String(1_000_000_000 + at) }),
    );
    for (const one of many) await store.add(one);
    await mirror.refresh();
    expect(baselines.all().map(({ sessions }) => sessions)).toEqual([500]);
    expect((await store.sessions()).size).toBe(503);
    expect(await mirror.refresh()).toEqual({ added: 0, removed: 0, returned: 0, forgot: false });
  });

  it('reads a store that it may not write', async () => {
    const { state, mirror, known } = await setUp('a');
    state.store = { ...state.store, identity: () => Promise.reject(new Error('read-only')) };
    expect(await mirror.refresh()).toMatchObject({ added: 1 });
    expect(known()).toEqual(['a']);
  });
});
