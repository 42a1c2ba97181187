import { randomUUID } from 'node:crypto';
import type { Logger } from '../../platform/log.ts';
import { openRedis } from '../../platform/redis.ts';
import { readProfile } from './encoding.ts';
import { bySession } from './memory-store.ts';
import { type SessionProfile, scopeKey } from './profile.ts';
import type { ProfileStore, Shelf } from './store.ts';

const DAY_SECONDS = 86_400;
/** Sessions remembered as such that cannot be read. */
const MAX_UNREADABLE = 10_000;

/**
 * Keeps profiles in Redis, for many runners at once: one hash for each scope and shelf, from session id to profile. A field
 * is set only if it is not there (`HSETNX`), so that any number of writers lose nothing and add nothing twice, without a
 * lock, and each command needs one key, so that a cluster will do. The scopes themselves stand in a set.
 */
export const redisStore = (url: string, log: Logger): ProfileStore => {
  const { client, name, address, run, close } = openRedis(url, log);
  const { prefix, ttlDays } = address;
  const scopes = (shelf: Shelf = 'learned'): string => `${prefix}${shelf}:scopes`;
  const hashOf = ({ scope, agent }: SessionProfile, shelf: Shelf = 'learned'): string =>
    `${prefix}${shelf}:${Buffer.from(scopeKey(scope, agent)).toString('base64url')}`;
  const frozen = `${prefix}frozen`;
  const identity = `${prefix}identity`;
  const unreadable = new Set<string>();
  const readHash = async (hash: string, known: (session: string) => boolean): Promise<readonly SessionProfile[]> => {
    const profiles: SessionProfile[] = [];
    const sessions = (await client.hkeys(hash)).filter((session) => !known(session) && !unreadable.has(session));
    const texts = sessions.length === 0 ? [] : await client.hmget(hash, ...sessions);
    texts.forEach((text, at) => {
      if (text === null) return; // taken away meanwhile
      const read = readProfile(text);
      if ('profile' in read) profiles.push(read.profile);
      // Told once, however often the store is read.
      else if (unreadable.size < MAX_UNREADABLE) {
        unreadable.add(sessions[at] ?? '');
        log.error(
          { store: name, session: sessions[at], problem: read.problem },
          'a learned session cannot be read; it is left out',
        );
      }
    });
    return profiles;
  };

  return {
    name,
    load: (shelf, known = () => false) =>
      run('read', async () => {
        const read = await ofEach(await client.smembers(scopes(shelf)), (hash) => readHash(hash, known));
        return read.flat().sort(bySession);
      }),
    sessions: (shelf) =>
      run('read', async () => {
        const sessions = await ofEach(await client.smembers(scopes(shelf)), (hash) => client.hkeys(hash));
        return new Set(sessions.flat());
      }),
    identity: () =>
      run('write', async () => {
        // Asked first, for a replica takes no write and may well know it.
        const known = await client.get(identity);
        if (known !== null) return known;
        await client.setnx(identity, randomUUID());
        return (await client.get(identity)) ?? '';
      }),
    add: (profile, shelf) =>
      run('write', async () => {
        const hash = hashOf(profile, shelf);
        // A scope without sessions harms nobody: so the set goes first.
        await client.sadd(scopes(shelf), hash);
        const added = await client.hsetnx(hash, profile.session, JSON.stringify(profile));
        if (ttlDays !== undefined) await client.expire(hash, Math.ceil(ttlDays * DAY_SECONDS));
        return added === 1;
      }),
    remove: (profiles, shelf) =>
      run('write', async () => {
        let removed = 0;
        for (const profile of profiles) removed += await client.hdel(hashOf(profile, shelf), profile.session);
        return removed;
      }),
    isFrozen: () => run('read', async () => (await client.exists(frozen)) === 1),
    freeze: (wanted) =>
      run('write', async () => {
        await (wanted ? client.set(frozen, '1') : client.del(frozen));
      }),
    probe: () =>
      run('write', async () => {
        await client.set(`${prefix}probe`, '1', 'EX', 10);
        await client.del(`${prefix}probe`);
      }),
    close,
  };
};

/** Scopes asked at once: one after another would cost a round trip each. */
const AT_ONCE = 100;

const ofEach = async <T>(hashes: readonly string[], ask: (hash: string) => Promise<T>): Promise<readonly T[]> => {
  const answers: T[] = [];
  for (let from = 0; from < hashes.length; from += AT_ONCE)
    answers.push(...(await Promise.all(hashes.slice(from, from + AT_ONCE).map(ask))));
  return answers;
};
