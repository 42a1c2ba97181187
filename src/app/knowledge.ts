import type { Config } from '../config.ts';
import { Acceptances } from '../detect/acceptance/acceptances.ts';
import { Baselines } from '../detect/baseline/baselines.ts';
import { Curator } from '../detect/baseline/curator.ts';
import { openStore } from '../detect/baseline/open-store.ts';
import { shippedPrior } from '../detect/baseline/prior.ts';
import type { ProfileStore } from '../detect/baseline/store.ts';
import { Learner, type LearnerDeps } from '../detect/learner.ts';
import { createLearnMetrics } from '../detect/metrics.ts';
import { loadSequenceRules, type SequenceRule } from '../detect/sequence/rule.ts';
import type { AgentSpec } from '../model/catalogue.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Registry } from '../platform/metrics.ts';
import { loadCatalogue } from '../process/catalogue.ts';
import { type AcceptanceDesk, openDesk } from './acceptance.ts';

export interface AppDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** What verdicts are made with, opened once and shared by every run. */
export interface Knowledge {
  readonly catalogue: readonly AgentSpec[];
  readonly rules: readonly SequenceRule[];
  readonly baselines: Baselines;
  readonly store: ProfileStore;
  readonly acceptances: Acceptances;
  readonly desk: AcceptanceDesk;
}

/** Reads the rules; what was learned is still to be read. Rejects with one message that names the file and the mend. */
export const prepareKnowledge = async ({ config, log }: Pick<AppDeps, 'config' | 'log'>): Promise<Knowledge> => {
  const catalogue = loadCatalogue(config.process.agents);
  const rules = loadSequenceRules(config.detect.sequence.rules);
  const store = await openStore(config.store, log);
  const baselines = new Baselines({ ...config.detect.baseline, prior: shippedPrior });
  baselines.complete = false;
  const desk = await openDesk(config.store, log);
  return { catalogue, rules, baselines, store, acceptances: new Acceptances(), desk };
};

/** Reads what was learned and accepted. Rejects with one message that names the store and the mend. */
export const readLearned = async ({ baselines, store, acceptances, desk }: Knowledge): Promise<void> => {
  if (baselines.complete) return;
  acceptances.replace(await desk.accepted());
  for (const profile of await store.load()) baselines.add(profile);
  baselines.complete = true;
};

/** Reads the rules and the learned baselines. Rejects with one message that names the file or store and the mend. */
export const openKnowledge = async (deps: Pick<AppDeps, 'config' | 'log'>): Promise<Knowledge> => {
  const knowledge = await prepareKnowledge(deps);
  await readLearned(knowledge);
  return knowledge;
};

/** How much of what is seen is learned: nothing, for as long as this process lives, or for good. */
export type Learning = 'frozen' | 'memory' | 'store';

/** Undefined where nothing is learned. */
export const createLearner = (
  { baselines, store }: Knowledge,
  learning: Learning,
  { config, log, clock = systemClock }: Pick<AppDeps, 'config' | 'log' | 'clock'>,
  { registry, ...more }: { readonly registry: Registry } & Pick<LearnerDeps, 'frozen' | 'health'>,
): Learner | undefined => {
  if (learning === 'frozen') return undefined;
  const kept = learning === 'store' ? store : undefined;
  const { maxPending } = config.detect.learn;
  return new Learner(baselines, {
    store: kept,
    log,
    clock,
    maxPending,
    maxScopes: config.detect.baseline.maxScopes,
    metrics: createLearnMetrics(registry),
    ...more,
  });
};

/** What was learned, in the hands of a person. */
export const curate = ({ baselines, store }: Knowledge, { detect: { baseline } }: Config): Curator =>
  new Curator(baselines, store, baseline);
