import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { openRedis, type RedisLink } from '../../src/platform/redis.ts';
import { describeWithServer, freePort, type Server, startRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = (url: string): RedisLink => {
  const link = openRedis(url, pino({ level: 'silent' }));
  cleanups.push(() => link.close());
  return link;
};

/** What the client keeps of that which it was asked. */
const kept = ({ client }: RedisLink): number => {
  const queues = client as unknown as Record<'offlineQueue' | 'commandQueue', { readonly length: number } | undefined>;
  return (queues.offlineQueue?.length ?? 0) + (queues.commandQueue?.length ?? 0);
};

/** Asks twenty things at once; how many of them failed. */
const ask = async (link: RedisLink): Promise<number> => {
  const asked = Array.from({ length: 20 }, () => link.run('read', () => link.client.get('x')));
  return (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected').length;
};

it.each(['redis://HOST', 'redis-cluster://HOST', 'redis-sentinel://HOST/main'])(
  '%s that is away leaves nothing waiting of what was asked',
  async (url) => {
    const link = open(url.replace('HOST', `127.0.0.1:${await freePort()}`));
    for (const _ of ['first', 'then', 'later']) {
      expect(await ask(link)).toBe(20);
      expect(kept(link)).toBe(0);
    }
  },
);

it.each(['redis://HOST', 'redis-cluster://HOST', 'redis-sentinel://HOST/main'])(
  '%s that hangs leaves nothing waiting of what was asked, and holds up no end',
  async (url) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const link = openRedis(url.replace('HOST', `127.0.0.1:${port}`), pino({ level: 'silent' }));
    cleanups.push(() => link.client.disconnect());
    expect(await ask(link)).toBe(20);
    await until(() => kept(link) === 0, { timeoutMs: 20_000 });
    const before = performance.now();
    await link.close();
    expect(performance.now() - before).toBeLessThan(2_000);
  },
);

describeWithServer('redis-server', 'a Redis', () => {
  it('that begins to hang leaves nothing waiting of what was asked, and is asked again', async () => {
    const server = await startRedis();
    cleanups.push(() => server.dispose());
    const link = open(server.url);
    expect(await ask(link)).toBe(0);
    const admin = new Redis(server.port);
    await admin.client('PAUSE', 60_000);
    expect(await ask(link)).toBe(20);
    await until(() => kept(link) === 0, { timeoutMs: 20_000 });
    admin.disconnect();
    await server.kill();
    await server.start();
    await until(async () => (await ask(link)) === 0);
  });
});

describeWithServer('redis-server', 'a Redis cluster', () => {
  it('is asked again once it is back', async () => {
    const server: Server = await startRedis([
      ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
      ...['--save', '', '--appendonly', 'no'],
    ]);
    cleanups.push(() => server.dispose());
    const admin = new Redis(server.port);
    admin.on('error', () => {}); // it is away for a while
    cleanups.push(() => admin.disconnect());
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    const isUp = () => until(async () => String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
    await isUp();
    const link = open(`redis-cluster://127.0.0.1:${server.port}`);
    expect(await ask(link)).toBe(0);
    await server.kill();
    for (const _ of ['first', 'then']) {
      expect(await ask(link)).toBe(20);
      await until(() => kept(link) === 0);
    }
    await server.start();
    await isUp();
    expect(await ask(link)).toBe(0);
  });
});
