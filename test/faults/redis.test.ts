import { createServer, type Server as Listener, connect as open, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWithServer, freePort, type Server, startRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { expectCounted, expectLog, expectReadyz, fault, sumOf } from './fault.ts';
import { idsOf, type Learning, openLearning, sessions } from './learning.ts';
import type { Fault } from './row.ts';

const DURABLE = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
const SESSIONS = 10;
const FAILURES = 'creance_baseline_commit_failures_total';
const PENDING = 'creance_baseline_commits_pending';

let cleanups: (() => unknown)[];
beforeEach(() => {
  cleanups = [];
});
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

const redis = async (args?: readonly string[]): Promise<Server> => {
  const server = await startRedis(args);
  cleanups.push(() => server.dispose());
  return server;
};

const learning = async (url: string): Promise<Learning> => {
  const opened = await openLearning(url);
  cleanups.push(() => opened.store.close());
  return opened;
};

/** As an operator would, by a connection of its own. */
const command = async ({ port }: Server, ...words: readonly [string, ...string[]]): Promise<unknown> => {
  const client = new Redis(port);
  try {
    return await client.call(...words);
  } finally {
    client.disconnect();
  }
};

interface Trouble {
  /** Tries that must fail before it ends. */
  readonly tries?: number;
  readonly breaks: () => unknown;
  readonly mends: () => unknown;
}

/** Teaches while the store takes nothing, and holds all that can be seen of it to the row, until it takes them again. */
const survives = async (
  row: Fault,
  { learner, log, readyz, metrics, kept }: Learning,
  { breaks, mends, tries = 3 }: Trouble,
): Promise<void> => {
  const before = await kept();
  await breaks();
  const taught = sessions(SESSIONS, before.length);
  for (const one of taught) learner.learn(one);
  await until(() => log.some(({ msg }) => msg === row.log[0]), { timeoutMs: 20_000 });
  await until(async () => sumOf(await metrics(), FAILURES) >= tries, { timeoutMs: 20_000 });
  expectReadyz(row, readyz());
  await mends();
  await until(async () => (await kept()).length === before.length + SESSIONS, { timeoutMs: 25_000 });
  await until(() => log.some(({ msg }) => msg === row.log[1]));
  expect((await kept()).slice(before.length)).toEqual(idsOf(taught));
  expect(learner.failures).toBe(row.lost.count);
  expectLog(row, log);
  expectCounted(row, await metrics());
  expect(readyz()).toMatchObject({ ready: true, components: { store: { detail: 'learned sessions are kept' } } });
};

describeWithServer('redis-server', 'a Redis with learned sessions', () => {
  it('restarts', async () => {
    const server = await redis(DURABLE);
    const learner = await learning(server.url);
    learner.learner.learn(sessions(1)[0] as never);
    await until(async () => (await learner.kept()).length === 1);
    await survives(fault('redis-restarts'), learner, { breaks: () => server.kill(), mends: () => server.start() });
  });

  it('restarts several times: each is told once', async () => {
    const row = fault('redis-restarts');
    const server = await redis(DURABLE);
    const { learner, log, kept } = await learning(server.url);
    for (const [times, one] of sessions(3).entries()) {
      await server.kill();
      learner.learn(one);
      await until(() => log.filter(({ msg }) => msg === row.log[0]).length === times + 1);
      await server.start();
      await until(async () => (await kept()).length === times + 1, { timeoutMs: 20_000 });
      await until(() => log.filter(({ msg }) => msg === row.log[1]).length === times + 1);
    }
    expectLog(row, log, 3);
  });

  it('has no memory left', async () => {
    const server = await redis(['--save', '', '--maxmemory-policy', 'noeviction']);
    const maxmemory = (bytes: string) => command(server, 'CONFIG', 'SET', 'maxmemory', bytes);
    await survives(fault('redis-full'), await learning(server.url), {
      breaks: () => maxmemory('1'),
      mends: () => maxmemory('0'),
    });
  });

  it('is a replica, and becomes the master', async () => {
    const [server, master] = [await redis(), await redis()];
    await survives(fault('redis-read-only'), await learning(server.url), {
      breaks: () => command(server, 'REPLICAOF', '127.0.0.1', String(master.port)),
      mends: () => command(server, 'REPLICAOF', 'NO', 'ONE'),
    });
  });

  it('is a replica, while its name leads to a new master already', async () => {
    const [replica, master] = [await redis(), await redis()];
    const name = await startName(replica.port);
    await survives(fault('redis-read-only'), await learning(name.url), {
      breaks: () => command(replica, 'REPLICAOF', '127.0.0.1', String(master.port)),
      mends: () => name.leadTo(master.port),
    });
  });

  it('does not answer in time', async () => {
    const server = await redis();
    await survives(fault('redis-slow'), await learning(server.url), {
      breaks: () => command(server, 'CLIENT', 'PAUSE', '6000', 'ALL'),
      mends: () => {},
      tries: 1,
    });
  });

  it('stays away for so long that too many sessions wait', async () => {
    const row = fault('redis-away-too-long');
    const server = await redis(DURABLE);
    await server.kill();
    const { learner, log, readyz, metrics, kept } = await learning(server.url);
    // Of several scopes: one alone forgets its oldest by itself.
    const taught = sessions(1_000 + row.lost.count).map((one, at) => ({ ...one, scope: { job: `job-${at % 10}` } }));
    for (const one of taught) learner.learn(one);
    expectReadyz(row, readyz());
    await until(() => log.some(({ msg }) => msg === row.log[1]));
    await server.start();
    await until(() => log.some(({ msg }) => msg === row.log[2]), { timeoutMs: 20_000 });
    expect(readyz().ready).toBe(true);
    await until(async () => sumOf(await metrics(), PENDING) === 0, { timeoutMs: 20_000 });
    expect(await kept()).toEqual(idsOf(taught.slice(row.lost.count)));
    expect(learner.failures).toBe(row.lost.count);
    expectLog(row, log);
    expectCounted(row, await metrics());
  });

  it('is away when the service is stopped', async () => {
    const row = fault('redis-away-at-stop');
    const { learner, log, metrics } = await learning(`redis://127.0.0.1:${await freePort()}`);
    for (const one of sessions(SESSIONS)) learner.learn(one);
    await learner.flush();
    expect(learner.failures).toBe(row.lost.count);
    expectLog(row, log);
    expectCounted(row, await metrics());
  });
});

/** A name that can be made to lead somewhere else: connections that stand stay where they are. */
const startName = async (port: number) => {
  let target = port;
  const sockets = new Set<Socket>();
  const listener: Listener = createServer((client) => {
    const server = open(target, '127.0.0.1');
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await until(() => listener.listening);
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `redis://127.0.0.1:${address.port}`,
    leadTo: (other: number) => {
      target = other;
    },
  };
};
