import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { group } from '../../src/action/stage.ts';
import { configSchema } from '../../src/config.ts';
import { decode } from '../../src/decode/stage.ts';
import type { AgentAction } from '../../src/model/action.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createLog } from '../../src/platform/log.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { loadCatalogue } from '../../src/process/catalogue.ts';
import { trace } from '../../src/process/stage.ts';
import { fileSource } from '../../src/source/file.ts';
import { rethrow } from '../support/rethrow.ts';

const config = configSchema.parse({});
const log = createLog({ ...config.log, level: 'fatal' });

export interface Replayed {
  readonly actions: readonly AgentAction[];
  /** Events that reached the stage. */
  readonly events: number;
}

/** A recording's actions, in order of start, through the stages as they are composed. */
export const replay = async (file: string): Promise<Replayed> => {
  const registry = createRegistry();
  const catalogue = loadCatalogue();
  const stop = new AbortController().signal;
  const actions: AgentAction[] = [];
  let events = 0;
  const flow = fileSource(file, config.source, { log, clock: systemClock, registry, stop }).pipe(
    decode({ log, registry, onFault: rethrow }),
    trace(catalogue, config.process, { registry, onFault: rethrow }),
    tap((item) => {
      if (item.type === 'traced') events++;
    }),
    group(catalogue, config.action, { registry, onFault: rethrow }),
    tap((item) => {
      if (item.type === 'action' && !item.preview) actions.push(item);
    }),
  );
  await lastValueFrom(flow, { defaultValue: undefined });
  return {
    actions: actions.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.index - b.index)),
    events,
  };
};

const ROOT = new URL('../recordings/', import.meta.url).pathname;

/** The recordings in the tree, as `folder/name`, each with a truth beside it. */
export const recordings = (): readonly string[] =>
  readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl.gz'))
    .map((name) => name.slice(0, -'.jsonl.gz'.length))
    .sort();

export const pathOf = (name: string, extension: string): string => join(ROOT, `${name}${extension}`);
