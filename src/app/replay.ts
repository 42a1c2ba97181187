import { CallbackSink } from '../alert/callback.ts';
import { flow } from '../app.ts';
import type { Lesson } from '../detect/judge.ts';
import type { Alert } from '../model/alert.ts';
import type { Verdict } from '../model/verdict.ts';
import { systemClock } from '../platform/clock.ts';
import { createRegistry } from '../platform/metrics.ts';
import { fileSource } from '../source/file.ts';
import { type AppDeps, createLearner, type Knowledge, type Learning } from './knowledge.ts';

export interface ReplayOptions {
  readonly learning: Learning;
  /** Sessions that are new in harmless ways are learned as well: somebody vouches for them. */
  readonly vouched?: boolean;
  readonly onVerdict: (verdict: Verdict) => void;
  /** Told of every state of each alert; replayed alerts go nowhere else. */
  readonly onAlert?: (alert: Alert) => void;
  /** Told of each clean session, and whether it was new to the baseline. */
  readonly onLesson?: (session: string, isNew: boolean) => void;
}

/** What became of a replayed file. */
export interface Replayed {
  /** Learned sessions that the store could not keep. */
  readonly lost: number;
}

/** Runs one recorded file through the pipeline, as fast as it goes. Rejects when the file cannot be read. */
export const replayFile = async (
  path: string,
  knowledge: Knowledge,
  deps: AppDeps,
  { learning, vouched = false, onVerdict, onAlert, onLesson = () => {} }: ReplayOptions,
): Promise<Replayed> => {
  const { config, log, signal, clock = systemClock } = deps;
  const registry = createRegistry();
  const frozen = learning === 'store' && (await knowledge.store.isFrozen());
  const learner = createLearner(knowledge, learning, deps, { registry, frozen: () => frozen });
  const source = { ...config.source, file: { ...config.source.file, follow: false } };
  const records = fileSource(path, source, { log, clock, registry, stop: signal });
  // A recording may end before its session does; it was chosen by somebody, and is learned all the same.
  const learn =
    learner &&
    (({ profile, doubts }: Lesson) => {
      if (doubts.every(({ kind }) => vouched && kind !== 'accused')) onLesson(profile.session, learner.learn(profile));
      else if (learning === 'store')
        learner.quarantine(
          profile,
          doubts.map(({ reason }) => reason),
        );
    });
  const sinks = onAlert ? [new CallbackSink(onAlert)] : [];
  await flow({ records, registry, sinks, learn, onVerdict }, knowledge, deps);
  await learner?.flush();
  return { lost: learner?.failures ?? 0 };
};
