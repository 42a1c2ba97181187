import { readFileSync } from 'node:fs';
import { Cluster, Redis } from 'ioredis';
import { systemClock } from './clock.ts';
import type { Logger } from './log.ts';
import { nameOfRedis, parseRedisUrl, type RedisAddress } from './redis-address.ts';

/** How long one command may wait for a Redis that does not answer. */
const COMMAND_MS = 5_000;
/** Longest pause before connecting again; a command that finds no connection waits for two tries. */
const RECONNECT_MS = 1_000;
/** How long one operation may take: a cluster that is not there keeps its commands for ever. */
const OPERATION_MS = 20_000;

/** A Redis, a cluster of them, or one behind sentinels. Connects on first use and reconnects for ever. */
export interface RedisLink {
  readonly client: Redis | Cluster;
  /** For messages; without credentials. */
  readonly name: string;
  readonly address: RedisAddress;
  /** Does some work in time. Rejects with one message that names the Redis and the mend. */
  run<T>(act: 'read' | 'write', work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Throws when the URL is none. What its absence costs is told by those who use it, once an episode and with the reason of
 * the rejection; the link itself says at level debug when it is down.
 */
export const openRedis = (url: string, log: Logger): RedisLink => {
  const address = parseRedisUrl(url);
  const name = nameOfRedis(address);
  const client = connect(address);
  /** Why there is no connection; undefined while there is one. */
  let down: string | undefined;
  client.on('error', (error: Error) => {
    const reason = reasonOf(error);
    if (down === undefined) log.debug({ store: name, reason }, 'Redis does not answer');
    down = reason;
  });
  client.on('ready', () => {
    down = undefined;
  });
  return {
    client,
    name,
    address,
    run: async (act, work) => {
      try {
        return await within(OPERATION_MS, work());
      } catch (error) {
        // While there is no connection, commands are told only that they have waited for long enough.
        const reason = down ?? reasonOf(error);
        throw new Error(`cannot ${act} the store ${name}: ${reason}; check that Redis is up and that --store names it`);
      }
    },
    close: async () => {
      await client.quit().catch(() => client.disconnect());
    },
  };
};

/** A host with several addresses fails with an error that has a code and no text. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.name);
};

/** The name may lead to another Redis by now: one that was the master before a failover takes no writes any more. */
const reconnectOnError = ({ message }: Error): boolean => message.startsWith('READONLY');

const connect = (address: RedisAddress): Redis | Cluster => {
  const { kind, nodes, master, db, username, password } = address;
  const tls = address.tls ? { ...(address.ca !== undefined && { ca: readFileSync(address.ca) }) } : undefined;
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    retryStrategy: (times: number) => Math.min(times * 50, RECONNECT_MS),
    commandTimeout: COMMAND_MS,
    connectTimeout: COMMAND_MS,
    reconnectOnError,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls }),
  };
  if (kind === 'cluster') return new Cluster([...nodes], { lazyConnect: true, redisOptions: options });
  if (kind === 'sentinel')
    return new Redis({ ...options, db, sentinels: [...nodes], name: master ?? '', ...(tls && { sentinelTLS: tls }) });
  return new Redis({ ...options, db, ...nodes[0] });
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
