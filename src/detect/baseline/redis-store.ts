import { Redis } from 'ioredis';
import type { Logger } from '../../platform/log.ts';
import { readProfile } from './encoding.ts';
import { type SessionProfile, scopeKey } from './profile.ts';
import type { ProfileStore } from './store.ts';

/** One hash a scope, from session id to profile; the scopes themselves stand in a set. */
const SCOPES = 'creance:scopes';
const hashOf = ({ scope, agent }: SessionProfile): string =>
  `creance:profiles:${Buffer.from(scopeKey(scope, agent)).toString('base64url')}`;

/** How long one command may wait for a Redis that does not answer. */
const COMMAND_MS = 5_000;

/** Keeps profiles in Redis, for many runners at once: a profile is one field, set only if it is not there. */
export const redisStore = (url: string, log: Logger): ProfileStore => {
  const name = nameOf(url);
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 3,
    commandTimeout: COMMAND_MS,
    connectTimeout: COMMAND_MS,
  });
  // One line an episode: ioredis reports each try.
  let told = false;
  client.on('error', ({ message }) => {
    if (!told)
      log.warn({ store: name, reason: message }, 'Redis does not answer; verdicts go on with what is in memory');
    told = true;
  });
  client.on('ready', () => {
    told = false;
  });
  const explain = async <T>(act: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`cannot ${act} the store ${name}: ${reason}; check that Redis is up and that --store names it`);
    }
  };

  return {
    name,
    load: () =>
      explain('read', async () => {
        const profiles: SessionProfile[] = [];
        for (const hash of (await client.smembers(SCOPES)).sort()) {
          for (const [session, text] of Object.entries(await client.hgetall(hash))) {
            const read = readProfile(text);
            if ('profile' in read) profiles.push(read.profile);
            else
              log.error(
                { store: name, session, problem: read.problem },
                'a learned session cannot be read; it is left out',
              );
          }
        }
        return profiles.sort((a, b) => (a.session < b.session ? -1 : 1));
      }),
    add: (profile) =>
      explain('write', async () => {
        const replies = await client
          .multi()
          .sadd(SCOPES, hashOf(profile))
          .hsetnx(hashOf(profile), profile.session, JSON.stringify(profile))
          .exec();
        const failed = replies?.find(([error]) => error)?.[0];
        if (failed) throw failed;
        return replies?.[1]?.[1] === 1;
      }),
    remove: (profiles) =>
      explain('write', async () => {
        let removed = 0;
        for (const profile of profiles) removed += await client.hdel(hashOf(profile), profile.session);
        return removed;
      }),
    close: async () => {
      await client.quit().catch(() => client.disconnect());
    },
  };
};

/** The URL without what must not be told. */
const nameOf = (url: string): string => {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
};
