import type { Logger } from '../../platform/log.ts';
import { fileStore } from './file-store.ts';
import { memoryStore } from './memory-store.ts';
import { redisStore } from './redis-store.ts';
import type { ProfileStore } from './store.ts';

/** The store that a URL names: `memory:`, `file:DIR` or `redis://…`. Nothing is touched before its first use. */
export const openStore = (url: string, log: Logger): ProfileStore => {
  if (url === 'memory:') return memoryStore();
  if (url.startsWith('file:')) return fileStore(url.slice('file:'.length), log);
  return redisStore(url, log);
};
