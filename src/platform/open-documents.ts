import type { Documents } from './documents.ts';
import type { Logger } from './log.ts';

/** The documents beside a store: `memory:`, `file:DIR` or `redis://…`. Nothing is touched before its first use. */
export const openDocuments = async (url: string, log: Logger): Promise<Documents> => {
  if (url === 'memory:') return (await import('./documents-memory.ts')).memoryDocuments();
  if (url.startsWith('file:')) return (await import('./documents-file.ts')).fileDocuments(url.slice('file:'.length));
  // The client takes longer to load than most commands run.
  return (await import('./documents-redis.ts')).redisDocuments(url, log);
};
