import type { SessionProfile } from './profile.ts';
import type { ProfileStore } from './store.ts';

/** Of the sessions that wait, those with these ids, and the ids that none has. */
export const waiting = async (
  store: ProfileStore,
  sessions: readonly string[],
): Promise<{ found: readonly SessionProfile[]; missing: readonly string[] }> => {
  const pending = await store.load('pending');
  const found = pending.filter(({ session }) => sessions.includes(session));
  const missing = sessions.filter((session) => !found.some((profile) => profile.session === session));
  return { found, missing };
};

/** A person has looked at them: they join their baselines, and what is sensitive in them counts. */
export const approve = async (store: ProfileStore, profiles: readonly SessionProfile[]): Promise<number> => {
  let added = 0;
  for (const { doubts: _, ...profile } of profiles)
    if (await store.add({ ...profile, vouched: true }, 'learned')) added++;
  await store.remove(profiles, 'pending');
  return added;
};

/** They are forgotten. */
export const reject = (store: ProfileStore, profiles: readonly SessionProfile[]): Promise<number> =>
  store.remove(profiles, 'pending');

/** Takes back what ended after a time: those sessions wait for a person again. */
export const rollback = async (store: ProfileStore, to: bigint): Promise<readonly SessionProfile[]> => {
  const late = (await store.load()).filter(({ ended }) => BigInt(ended) > to);
  for (const { vouched: _, ...profile } of late)
    await store.add({ ...profile, doubts: ['taken back by a rollback'] }, 'pending');
  await store.remove(late);
  return late;
};
