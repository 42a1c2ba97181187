import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../src/detect/baseline/open-store.ts';
import type { ProfileStore } from '../../../src/detect/baseline/store.ts';
import { describeWithServer, type Server, startRedis } from '../../support/servers.ts';
import { profile } from '../actions.ts';

const log = pino({ level: 'silent' });
const numbered = (count: number) => Array.from({ length: count }, (_, at) => profile({ session: `s-${1_000 + at}` }));

/** What every store has to do. `open` gives another handle on the same store. */
const contract = (open: () => Promise<ProfileStore>): void => {
  test('holds what was added, in an order of its own', async () => {
    const store = await open();
    const [a, b] = [
      profile({ session: 'b', vouched: true }),
      profile({ session: 'a', scope: {}, names: ['ünï\u0000"'], shapes: [[0]], path: [0] }),
    ];
    expect([await store.add(a), await store.add(b)]).toEqual([true, true]);
    expect(await (await open()).load()).toEqual([b, a]);
  });

  test('adds a session once', async () => {
    const store = await open();
    expect(await store.add(profile())).toBe(true);
    expect(await store.add(profile({ ended: '2' }))).toBe(false);
    expect(await store.load()).toEqual([profile()]);
  });

  test('keeps what waits apart from what counts', async () => {
    const store = await open();
    await store.add(profile({ session: 'waits', doubts: ['set off by pull_request'] }), 'pending');
    expect(await store.load()).toEqual([]);
    expect(await (await open()).load('pending')).toMatchObject([
      { session: 'waits', doubts: ['set off by pull_request'] },
    ]);
    expect(await store.remove([profile({ session: 'waits' })], 'pending')).toBe(1);
    expect(await store.load('pending')).toEqual([]);
  });

  test('removes what is there and says how much that was', async () => {
    const store = await open();
    await store.add(profile({ session: 'here' }));
    expect(await store.remove([profile({ session: 'here' }), profile({ session: 'gone' })])).toBe(1);
    expect(await store.load()).toEqual([]);
  });

  test('is frozen until it is thawed', async () => {
    const store = await open();
    expect(await store.isFrozen()).toBe(false);
    await store.freeze(true);
    await store.freeze(true);
    expect(await (await open()).isFrozen()).toBe(true);
    await store.freeze(false);
    expect(await (await open()).isFrozen()).toBe(false);
  });

  test('leaves out what is known, and names all that is there', async () => {
    const store = await open();
    for (const one of numbered(3)) await store.add(one);
    await store.add(profile({ session: 'waits' }), 'pending');
    const load = await store.load('learned', (session) => session === 's-1001');
    expect(load.map(({ session }) => session)).toEqual(['s-1000', 's-1002']);
    expect([...(await store.sessions())].sort()).toEqual(['s-1000', 's-1001', 's-1002']);
    expect([...(await store.sessions('pending'))]).toEqual(['waits']);
  });

  test('has one identity, whoever asks, and whatever is taken away', async () => {
    const store = await open();
    const identity = await store.identity();
    expect(identity).toMatch(/^[0-9a-f-]{36}$/);
    await store.add(profile());
    await store.remove([profile()]);
    expect(await (await open()).identity()).toBe(identity);
  });

  test('says by a probe, which leaves nothing behind, that it can be written', async () => {
    const store = await open();
    await store.probe();
    expect(await store.load()).toEqual([]);
  });

  test('loses nothing and adds nothing twice with eight writers at once', async () => {
    const profiles = numbered(60);
    const writers = await Promise.all(Array.from({ length: 8 }, open));
    const added = await Promise.all(
      writers.map(async (store) => (await Promise.all(profiles.map((one) => store.add(one)))).filter(Boolean).length),
    );
    expect(added.reduce((sum, one) => sum + one, 0)).toBe(profiles.length);
    expect(await (await open()).load()).toEqual(profiles);
  });
};

describe('memory:', () => {
  let store: ProfileStore;
  beforeEach(async () => {
    store = await openStore('memory:', log);
  });
  contract(async () => store);
});

describe('file:', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'creance-store-'));
    return () => rm(folder, { recursive: true, force: true });
  });
  contract(() => openStore(`file:${folder}`, log));

  const fileIn = async (): Promise<string> => {
    const [scope = ''] = await readdir(join(folder, 'profiles'));
    const [name = ''] = await readdir(join(folder, 'profiles', scope));
    return join(folder, 'profiles', scope, name);
  };

  test('sets a torn file aside and goes on', async () => {
    const store = await openStore(`file:${folder}`, log);
    await store.add(profile());
    const file = await fileIn();
    await writeFile(file, '{"version":2,"ses');
    expect(await store.load()).toEqual([]);
    expect(await readFile(`${file}.corrupt`, 'utf8')).toContain('"ses');
  });

  test('is rid of what a writer that was killed left long ago', async () => {
    const store = await openStore(`file:${folder}`, log);
    await store.add(profile());
    const file = await fileIn();
    const ago = Date.now() / 1_000 - 3_700;
    for (const aside of [`${file}.0123456789ab.new`, join(folder, 'frozen.0123456789ab.new')]) {
      await writeFile(aside, '{"half');
      await utimes(aside, ago, ago);
    }
    expect(await store.load()).toEqual([profile()]);
    expect(await store.isFrozen()).toBe(false);
    expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('reads what the first version wrote', async () => {
    const store = await openStore(`file:${folder}`, log);
    await store.add(profile());
    const { names: _, shapes: __, path: ___, ...rest } = profile();
    const old = {
      ...rest,
      version: 1,
      actions: 3,
      elements: { 'symbol x': 2, 'program a': 3 },
      transitions: { '^ → x': 1 },
    };
    await writeFile(await fileIn(), JSON.stringify(old));
    expect(await store.load()).toEqual([profile({ names: ['program a', 'symbol x'], shapes: [[0], [1]], path: [] })]);
  });

  test('refuses what a newer version wrote', async () => {
    const store = await openStore(`file:${folder}`, log);
    await store.add(profile());
    const file = await fileIn();
    await writeFile(file, JSON.stringify({ ...profile(), version: 99 }));
    expect(await store.load()).toEqual([]);
    expect(await readdir(join(file, '..'))).toEqual([expect.stringMatching(/\.corrupt$/)]);
  });
});

describeWithServer('redis-server', 'redis:', () => {
  let server: Server;
  const stores: ProfileStore[] = [];
  const open = async (query = '', scheme = 'redis', user = ''): Promise<ProfileStore> => {
    const store = await openStore(`${scheme}://${user}127.0.0.1:${server.port}${query}`, log);
    stores.push(store);
    return store;
  };
  const admin = async (...command: readonly [string, ...string[]]): Promise<unknown> => {
    const client = new Redis(server.port);
    try {
      return await client.call(...command);
    } finally {
      client.disconnect();
    }
  };
  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(() => admin('FLUSHALL'));
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await server.dispose();
  });

  describe('single', () => contract(() => open()));

  test('keeps prefixes apart and lets a scope run out', async () => {
    await (await open('/0?prefix=one:&ttlDays=2')).add(profile());
    expect(await (await open('/0?prefix=two:')).load()).toEqual([]);
    const keys = (await admin('KEYS', '*')) as string[];
    expect(keys.every((key) => key.startsWith('one:'))).toBe(true);
    const hash = keys.find((key) => !key.endsWith(':scopes')) as string;
    expect(await admin('TTL', hash)).toBe(2 * 86_400);
  });

  test('logs in as a user', async () => {
    await admin('ACL', 'SETUSER', 'runner', 'on', '>p@ss', '~creance:*', '+@all');
    const store = await open('', 'redis', 'runner:p%40ss@');
    expect(store.name).not.toContain('p%40ss');
    expect(await store.add(profile())).toBe(true);
    const forbidden = await open('/0?prefix=other:', 'redis', 'runner:p%40ss@');
    expect(await forbidden.add(profile()).catch((error) => error.message)).toMatch(/NOPERM|permission/);
  });
});

describeWithServer('redis-server', 'redis-cluster:', () => {
  let server: Server;
  const stores: ProfileStore[] = [];
  beforeAll(async () => {
    server = await startRedis([
      '--cluster-enabled',
      'yes',
      '--cluster-announce-ip',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ]);
    const client = new Redis(server.port);
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok'))
      await new Promise((resolve) => setTimeout(resolve, 50));
    client.disconnect();
  });
  beforeEach(async () => {
    const client = new Redis(server.port);
    await client.flushall();
    client.disconnect();
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await server.dispose();
  });
  contract(async () => {
    const store = await openStore(`redis-cluster://127.0.0.1:${server.port}`, log);
    stores.push(store);
    return store;
  });
});
