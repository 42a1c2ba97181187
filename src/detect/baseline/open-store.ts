import type { Logger } from '../../platform/log.ts';
import { fileStore } from './file-store.ts';
import { memoryStore } from './memory-store.ts';
import type { ProfileStore } from './store.ts';

/** The store that a URL names: `memory:`, `file:DIR` or `redis://…`. Nothing is touched before its first use. */
export const openStore = async (url: string, log: Logger): Promise<ProfileStore> => {
  if (url === 'memory:') return memoryStore();
  if (url.startsWith('file:')) return fileStore(url.slice('file:'.length), log);
  // The client takes longer to load than most commands run.
  const { redisStore } = await import('./redis-store.ts');
  return redisStore(url, log);
};
