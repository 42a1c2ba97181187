import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type Check, checksOf } from '../../model/check.ts';
import type { Logger } from '../../platform/log.ts';
import { openStore } from './open-store.ts';

const { ok, warning, problem } = checksOf('store');

const PROBE = 'creance:doctor';
const MEND = 'mend it, or choose another place with --store';

/** Says whether the store can be read and written. Leaves nothing behind. Never rejects. */
export const checkStore = async (url: string, log: Logger): Promise<readonly Check[]> => {
  if (url === 'memory:') {
    return [warning('store', 'memory: forgets what was learned when creance ends', 'store: file:/var/lib/creance')];
  }
  const store = openStore(url, log);
  try {
    const profiles = await store.load();
    await (url.startsWith('file:') ? writeFolder(url.slice('file:'.length)) : writeRedis(url));
    return [
      ok(store.name, `can be read and written; ${profiles.length} learned session${profiles.length === 1 ? '' : 's'}`),
    ];
  } catch (error) {
    return [problem(store.name, error instanceof Error ? error.message : String(error), MEND)];
  } finally {
    await store.close().catch(() => {});
  }
};

const writeFolder = async (folder: string): Promise<void> => {
  const file = join(folder, `.doctor-${process.pid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, '');
  await rm(file);
};

const writeRedis = async (url: string): Promise<void> => {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, commandTimeout: 5_000 });
  client.on('error', () => {}); // The command tells the same.
  try {
    await client.set(PROBE, '1', 'EX', 10);
    await client.del(PROBE);
  } finally {
    client.disconnect();
  }
};
