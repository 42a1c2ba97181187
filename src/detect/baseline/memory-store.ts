import { randomUUID } from 'node:crypto';
import type { SessionProfile } from './profile.ts';
import { type ProfileStore, SHELVES, type Shelf } from './store.ts';

/** Keeps profiles as long as the process lives. */
export const memoryStore = (): ProfileStore => {
  const shelves = new Map<Shelf, Map<string, SessionProfile>>(SHELVES.map((shelf) => [shelf, new Map()]));
  const on = (shelf: Shelf = 'learned') => shelves.get(shelf) as Map<string, SessionProfile>;
  const identity = randomUUID();
  let frozen = false;
  return {
    name: 'memory:',
    load: async (shelf, known = () => false) =>
      [...on(shelf).values()].filter(({ session }) => !known(session)).sort(bySession),
    sessions: async (shelf) => new Set(on(shelf).keys()),
    identity: async () => identity,
    add: async (profile, shelf) => {
      if (on(shelf).has(profile.session)) return false;
      on(shelf).set(profile.session, profile);
      return true;
    },
    remove: async (profiles, shelf) => profiles.filter(({ session }) => on(shelf).delete(session)).length,
    isFrozen: async () => frozen,
    freeze: async (wanted) => {
      frozen = wanted;
    },
    probe: async () => {},
    close: async () => {},
  };
};

/** The order in which stores hand out profiles. */
export const bySession = (a: SessionProfile, b: SessionProfile): number =>
  a.session < b.session ? -1 : a.session > b.session ? 1 : 0;
