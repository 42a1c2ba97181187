import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { holdLock } from '../../platform/hold-lock.ts';
import type { Registry } from '../../platform/metrics.ts';
import type { AlertConfig } from '../config.ts';
import { Journal } from './journal.ts';
import { readLine } from './line.ts';
import { createSpoolMetrics } from './metrics.ts';
import { Shelf } from './shelf.ts';
import { Spool, type SpoolDeps } from './spool.ts';

/** The folder of the spool: the configured one, else one within a store of files; undefined where there is none. */
export const spoolFolder = ({ spool }: AlertConfig, store: string): string | undefined => {
  if (spool === 'off') return undefined;
  if (spool !== undefined) return spool;
  return store.startsWith('file:') ? join(store.slice('file:'.length), 'alerts') : undefined;
};

export type OpenSpoolDeps = Omit<SpoolDeps, 'metrics'> & { readonly registry: Registry };

/** A spool that is in use, and what lets another process have it. */
export interface OpenSpool {
  readonly spool: Spool;
  readonly close: () => Promise<void>;
}

/**
 * Opens the spool with what an earlier process left there. A journal that cannot be understood is set aside and told, and
 * what can be read of it is used. Undefined where another process has it; never rejects.
 */
export const openSpool = async (
  folder: string,
  options: { readonly capacity: number; readonly sinks: readonly string[] },
  { registry, ...deps }: OpenSpoolDeps,
): Promise<OpenSpool | undefined> => {
  const release = await lock(folder, deps);
  if (release === 'taken') return undefined;
  const path = join(folder, 'journal.jsonl');
  const journal = new Journal(path);
  const shelf = readInto(journal, path, deps);
  const spool = new Spool(journal, shelf, options, { ...deps, metrics: createSpoolMetrics(registry) });
  const close = async () => {
    await spool.close();
    await release();
  };
  return { spool, close };
};

const lock = async (
  folder: string,
  { log, health }: Pick<SpoolDeps, 'log' | 'health'>,
): Promise<'taken' | (() => Promise<void>)> => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const release = await holdLock(join(folder, 'lock'));
    if (release) return release;
    log.error(
      { folder },
      'another creance keeps its alerts there; this one keeps none: give it a place of its own with alert.spool',
    );
    health?.(true, 'another creance has the spool; alerts are not kept on disk');
    return 'taken';
  } catch {
    // What stands against a lock stands against the journal as well, and is told with it.
    return async () => {};
  }
};

const readInto = (journal: Journal, path: string, { log, clock }: Pick<SpoolDeps, 'log' | 'clock'>): Shelf => {
  const shelf = new Shelf();
  const { lines, bad } = linesOf(journal, log);
  for (const line of lines) shelf.read(line);
  if (bad > 0) {
    const aside = `${path}.${clock.now() / 1_000_000n}.corrupt`;
    try {
      renameSync(path, aside);
    } catch {
      // It is a disk that cannot be written, which is told next.
    }
    log.error(
      { file: aside, lines: bad, alerts: shelf.size },
      'the spool of alerts was damaged; it is set aside and what can be read goes on',
    );
  }
  return shelf;
};

const linesOf = (journal: Journal, log: SpoolDeps['log']) => {
  let text = '';
  try {
    text = journal.read();
  } catch (error) {
    log.error(
      { reason: String(error) },
      'the spool of alerts cannot be read; the service goes on without what is in it',
    );
  }
  // What stands behind the last line end was being written when the process ended: nobody was told of it yet.
  const texts = text.split('\n').slice(0, -1);
  const lines = texts.flatMap((line) => readLine(line) ?? []);
  return { lines, bad: texts.length - lines.length };
};
