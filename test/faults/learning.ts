import { pino } from 'pino';
import { openStore } from '../../src/detect/baseline/open-store.ts';
import type { SessionProfile } from '../../src/detect/baseline/profile.ts';
import type { ProfileStore } from '../../src/detect/baseline/store.ts';
import { Learner } from '../../src/detect/learner.ts';
import { createLearnMetrics } from '../../src/detect/metrics.ts';
import { Health, type HealthReport } from '../../src/platform/health.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { newBaselines, profile } from '../detect/actions.ts';
import type { LogLine } from './fault.ts';

/** A learner with a store of its own, and all that it tells. */
export interface Learning {
  readonly learner: Learner;
  readonly store: ProfileStore;
  readonly log: readonly LogLine[];
  readyz(): HealthReport;
  metrics(): Promise<string>;
  /** The ids of what the store holds. */
  kept(): Promise<readonly string[]>;
}

export const openLearning = async (url: string): Promise<Learning> => {
  const lines: LogLine[] = [];
  const log = pino({}, { write: (line) => lines.push(JSON.parse(line)) });
  const store = await openStore(url, log);
  const registry = createRegistry();
  const health = new Health(log);
  const learner = new Learner(newBaselines(), {
    store,
    log,
    metrics: createLearnMetrics(registry),
    health: (ready, detail) => health.set('store', ready, detail),
  });
  return {
    learner,
    store,
    log: lines,
    readyz: () => health.report(),
    metrics: () => registry.metrics(),
    kept: async () => (await store.load()).map(({ session }) => session),
  };
};

/** So many sessions, from a number on, in the order of their ids. */
export const sessions = (count: number, from = 0): readonly SessionProfile[] =>
  Array.from({ length: count }, (_, at) => profile({ session: `s-${10_000 + from + at}` }));

export const idsOf = (profiles: readonly SessionProfile[]): readonly string[] => profiles.map(({ session }) => session);
