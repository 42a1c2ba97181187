import { yieldTurn } from '../../platform/turn.ts';
import { BrokenGzip, gunzipped } from './gunzip.ts';
import type { FileReader } from './reader.ts';

/** Reads bytes to their end, plain or gzipped. Records come out while a chunk is taken, and the event loop turns between chunks. */
export const readOnce = async (
  chunks: AsyncIterable<Buffer>,
  reader: FileReader,
  signal: AbortSignal,
): Promise<void> => {
  try {
    for await (const chunk of gunzipped(chunks)) {
      if (signal.aborted) return;
      reader.push(chunk);
      await yieldTurn();
    }
    if (!signal.aborted) reader.end();
  } catch (error) {
    if (signal.aborted) return;
    reader.broken(error instanceof BrokenGzip ? 'broken-gzip' : 'read-error', error as Error);
  }
};
