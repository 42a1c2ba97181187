import { systemClock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { readProfile } from './encoding.ts';
import { bySession } from './memory-store.ts';
import { type SessionProfile, scopeKey } from './profile.ts';
import { connectRedis, nameOfRedis, parseRedisUrl } from './redis-client.ts';
import type { ProfileStore, Shelf } from './store.ts';

const DAY_SECONDS = 86_400;

/** How long one operation may take: a cluster that is not there keeps its commands for ever. */
const OPERATION_MS = 20_000;

/**
 * Keeps profiles in Redis, for many runners at once: one hash for each scope and shelf, from session id to profile. A field
 * is set only if it is not there (`HSETNX`), so that any number of writers lose nothing and add nothing twice, without a
 * lock, and each command needs one key, so that a cluster will do. The scopes themselves stand in a set.
 */
export const redisStore = (url: string, log: Logger): ProfileStore => {
  const address = parseRedisUrl(url);
  const { prefix, ttlDays } = address;
  const name = nameOfRedis(address);
  const client = connectRedis(address);
  const scopes = (shelf: Shelf = 'learned'): string => `${prefix}${shelf}:scopes`;
  const hashOf = ({ scope, agent }: SessionProfile, shelf: Shelf = 'learned'): string =>
    `${prefix}${shelf}:${Buffer.from(scopeKey(scope, agent)).toString('base64url')}`;
  const frozen = `${prefix}frozen`;
  // One line an episode: ioredis reports each try.
  let told = false;
  client.on('error', ({ message }: Error) => {
    if (!told)
      log.warn({ store: name, reason: message }, 'Redis does not answer; verdicts go on with what is in memory');
    told = true;
  });
  client.on('ready', () => {
    told = false;
  });
  const explain = async <T>(act: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await within(OPERATION_MS, work());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`cannot ${act} the store ${name}: ${reason}; check that Redis is up and that --store names it`);
    }
  };
  const readHash = async (hash: string): Promise<readonly SessionProfile[]> => {
    const profiles: SessionProfile[] = [];
    for (const [session, text] of Object.entries(await client.hgetall(hash))) {
      const read = readProfile(text);
      if ('profile' in read) profiles.push(read.profile);
      else
        log.error({ store: name, session, problem: read.problem }, 'a learned session cannot be read; it is left out');
    }
    return profiles;
  };

  return {
    name,
    load: (shelf) =>
      explain('read', async () => {
        const profiles: SessionProfile[] = [];
        for (const hash of await client.smembers(scopes(shelf))) profiles.push(...(await readHash(hash)));
        return profiles.sort(bySession);
      }),
    add: (profile, shelf) =>
      explain('write', async () => {
        const hash = hashOf(profile, shelf);
        // A scope without sessions harms nobody: so the set goes first.
        await client.sadd(scopes(shelf), hash);
        const added = await client.hsetnx(hash, profile.session, JSON.stringify(profile));
        if (ttlDays !== undefined) await client.expire(hash, Math.ceil(ttlDays * DAY_SECONDS));
        return added === 1;
      }),
    remove: (profiles, shelf) =>
      explain('write', async () => {
        let removed = 0;
        for (const profile of profiles) removed += await client.hdel(hashOf(profile, shelf), profile.session);
        return removed;
      }),
    isFrozen: () => explain('read', async () => (await client.exists(frozen)) === 1),
    freeze: (wanted) =>
      explain('write', async () => {
        await (wanted ? client.set(frozen, '1') : client.del(frozen));
      }),
    probe: () =>
      explain('write', async () => {
        await client.set(`${prefix}probe`, '1', 'EX', 10);
        await client.del(`${prefix}probe`);
      }),
    close: async () => {
      await client.quit().catch(() => client.disconnect());
    },
  };
};

/** What comes later than that has no effect that a second try would not have. */
const within = async <T>(millis: number, work: Promise<T>): Promise<T> => {
  let cancel = (): void => {};
  const late = new Promise<never>((_, reject) => {
    cancel = systemClock.after(millis, () => reject(new Error(`no answer within ${millis / 1_000} s`)));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
};
