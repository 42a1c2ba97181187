import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../platform/clock.ts';

export interface WaitOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Whether the file holds what is waited for; any text will do without. */
  readonly suffices?: (text: string) => boolean;
}

/** Shared volumes do not always tell of what another container did there. */
const POLL_MS = 1_000;

/** The text of the file as soon as it suffices; undefined when it did not in time. Rejects when it cannot be read. */
export const waitForFile = (
  path: string,
  { clock, timeoutMs, signal, suffices = () => true }: WaitOptions,
): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const endings: (() => void)[] = [];
    const end = (settle: () => void) => {
      for (const ending of endings.splice(0)) ending();
      settle();
    };
    const look = () => {
      try {
        const text = readFileSync(path, 'utf8');
        if (suffices(text)) end(() => resolve(text));
      } catch (error) {
        if (!isAbsent(error)) end(() => reject(error));
      }
    };
    endings.push(clock.every(POLL_MS, look));
    endings.push(clock.after(timeoutMs, () => end(() => resolve(undefined))));
    const onAbort = () => end(() => resolve(undefined));
    signal.addEventListener('abort', onAbort, { once: true });
    endings.push(() => signal.removeEventListener('abort', onAbort));
    const watcher = watchDirectory(path, look);
    endings.push(() => watcher?.close());
    if (signal.aborted) onAbort();
    else look();
  });

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** Undefined where the directory is not there yet or cannot be watched: it is looked at from time to time all the same. */
const watchDirectory = (path: string, look: () => void): FSWatcher | undefined => {
  try {
    const watcher = watch(dirname(path), look);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
};
