import type { SessionProfile } from './profile.ts';
import type { ProfileStore } from './store.ts';

/** Keeps profiles as long as the process lives. */
export const memoryStore = (): ProfileStore => {
  const profiles = new Map<string, SessionProfile>();
  return {
    name: 'memory:',
    load: async () => [...profiles.values()],
    add: async (profile) => {
      if (profiles.has(profile.session)) return false;
      profiles.set(profile.session, profile);
      return true;
    },
    remove: async (removed) => removed.filter(({ session }) => profiles.delete(session)).length,
    close: async () => {},
  };
};
