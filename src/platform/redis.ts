import { readFileSync } from 'node:fs';
import { Cluster, Redis } from 'ioredis';
import { systemClock } from './clock.ts';
import { errorMessage } from './error-message.ts';
import type { Logger } from './log.ts';
import { nameOfRedis, parseRedisUrl, type RedisAddress } from './redis-address.ts';

/** How long one command may wait for a Redis that does not answer. */
const COMMAND_MS = 5_000;
/** Longest pause before connecting again; a command that finds no connection waits for two tries. */
const RECONNECT_MS = 1_000;
/** How long one operation may take, which may be of several commands. */
const OPERATION_MS = 20_000;
/** How long each of several nodes may take to say where the others are. */
const NODE_MS = 1_000;
/** How long a Redis may take to hear that we go. */
const QUIT_MS = 1_000;

/**
 * A Redis, a cluster of them, or one behind sentinels. Connects on first use, and again on every later one. What one that is
 * away or hangs was asked is forgotten with its connection, soon after it was told to have failed: nothing piles up.
 */
export interface RedisLink {
  readonly client: Redis | Cluster;
  /** For messages; without credentials. */
  readonly name: string;
  readonly address: RedisAddress;
  /** Does some work in time, by default 20 s. Rejects with one message that names the Redis and the mend. */
  run<T>(act: 'read' | 'write', work: () => Promise<T>, limitMs?: number): Promise<T>;
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
    const reason = errorMessage(error);
    if (down === undefined) log.debug({ store: name, reason }, 'Redis does not answer');
    down = reason;
  });
  client.on('ready', () => {
    down = undefined;
  });
  let isClosed = false;
  const goOn = (): void => {
    if (client.status === 'end' && !isClosed) client.connect().catch(() => {}); // the command is told why
  };
  return {
    client,
    name,
    address,
    run: async (act, work, limitMs = OPERATION_MS) => {
      try {
        goOn();
        return await within(limitMs, work());
      } catch (error) {
        // While there is no connection, commands are told only that they have waited for long enough.
        const reason = down ?? errorMessage(error);
        throw new Error(`cannot ${act} the store ${name}: ${reason}; check that Redis is up and that --store names it`);
      }
    },
    close: async () => {
      isClosed = true;
      await within(QUIT_MS, client.quit()).catch(() => client.disconnect());
    },
  };
};

/** The name may lead to another Redis by now: one that was the master before a failover takes no writes any more. */
const reconnectOnError = ({ message }: Error): boolean => message.startsWith('READONLY');

/** A cluster or sentinels that are tried for ever keep every command meanwhile; so they end, until they are asked again. */
const twice = (tries: number): number | null => (tries % 2 === 1 ? RECONNECT_MS : null);

const connect = (address: RedisAddress): Redis | Cluster => {
  const { kind, nodes, master, db, username, password } = address;
  const tls = address.tls ? { ...(address.ca !== undefined && { ca: readFileSync(address.ca) }) } : undefined;
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    retryStrategy: (times: number) => Math.min(times * 50, RECONNECT_MS),
    commandTimeout: COMMAND_MS,
    // Else what a Redis that hangs does not answer is kept until it does.
    socketTimeout: COMMAND_MS,
    connectTimeout: COMMAND_MS,
    reconnectOnError,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls }),
  };
  if (kind === 'cluster')
    return new Cluster([...nodes], {
      lazyConnect: true,
      slotsRefreshTimeout: NODE_MS,
      clusterRetryStrategy: twice,
      redisOptions: options,
    });
  if (kind === 'sentinel')
    return new Redis({
      ...options,
      db,
      sentinels: [...nodes],
      sentinelCommandTimeout: NODE_MS,
      sentinelRetryStrategy: twice,
      name: master ?? '',
      ...(tls && { sentinelTLS: tls }),
    });
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
