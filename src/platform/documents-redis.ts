import { type Documents, parseDocument } from './documents.ts';
import type { Logger } from './log.ts';
import { openRedis } from './redis.ts';

/** Keeps each collection in a hash of its own, and each journal in a list: one key for each command, so that a cluster will do. */
export const redisDocuments = (url: string, log: Logger): Documents => {
  const { client, name, address, run, close } = openRedis(url, log);
  const keyOf = (kind: string): string => `${address.prefix}${kind}`;
  return {
    name,
    put: (collection, id, document) =>
      run('write', async () => {
        await client.hset(keyOf(collection), id, JSON.stringify(document));
      }),
    all: (collection) =>
      run('read', async () => {
        const entries = Object.entries(await client.hgetall(keyOf(collection)));
        return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, text]) => [id, parseDocument(text)]));
      }),
    remove: (collection, id) => run('write', async () => (await client.hdel(keyOf(collection), id)) === 1),
    append: (journal, line) =>
      run('write', async () => {
        await client.rpush(keyOf(journal), JSON.stringify(line));
      }),
    lines: (journal) => run('read', async () => (await client.lrange(keyOf(journal), 0, -1)).map(parseDocument)),
    close,
  };
};
