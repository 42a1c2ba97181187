import { lastValueFrom, type Observable, tap } from 'rxjs';
import { group } from './action/stage.ts';
import { CallbackSink } from './alert/callback.ts';
import { deliver } from './alert/deliver.ts';
import { createRestoredMetrics } from './alert/metrics.ts';
import type { Sink } from './alert/sink.ts';
import { configuredSinks } from './alert/sinks.ts';
import { openSpool } from './alert/spool/open.ts';
import { spoolPlace } from './alert/spool/place.ts';
import type { Spool } from './alert/spool/spool.ts';
import { alert } from './alert/stage.ts';
import { type AcceptanceDesk, followAcceptances, openDesk } from './app/acceptance.ts';
import type { Config } from './config.ts';
import { decode } from './decode/stage.ts';
import { Acceptances } from './detect/acceptance/acceptances.ts';
import { Baselines } from './detect/baseline/baselines.ts';
import { Curator } from './detect/baseline/curator.ts';
import { openStore } from './detect/baseline/open-store.ts';
import { shippedPrior } from './detect/baseline/prior.ts';
import { overview } from './detect/baseline/readiness.ts';
import type { ProfileStore } from './detect/baseline/store.ts';
import type { Lesson } from './detect/judge.ts';
import { Learner, type LearnerDeps } from './detect/learner.ts';
import {
  createAcceptanceMetrics,
  createDetectMetrics,
  createLearnMetrics,
  observeBaselines,
} from './detect/metrics.ts';
import { recall } from './detect/recall.ts';
import { loadSequenceRules, type SequenceRule } from './detect/sequence/rule.ts';
import { detect } from './detect/stage.ts';
import type { Alert } from './model/alert.ts';
import type { AgentSpec } from './model/catalogue.ts';
import type { Tick } from './model/flow.ts';
import type { RawRecord } from './model/record.ts';
import type { Verdict } from './model/verdict.ts';
import { pipeline } from './pipeline.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { Health } from './platform/health.ts';
import { type Closable, type CloseFailure, closeAll } from './platform/lifecycle.ts';
import type { Logger } from './platform/log.ts';
import { addProcessMetrics, createRegistry, type Registry } from './platform/metrics.ts';
import { startServer } from './platform/server.ts';
import { loadCatalogue } from './process/catalogue.ts';
import { trace } from './process/stage.ts';
import { fileSource } from './source/file.ts';
import { liveSource } from './source/live.ts';
import { createFaults } from './stream/faults.ts';
import { createObserver } from './stream/observe.ts';

/** What verdicts are made with, opened once and shared by every run. */
export interface Knowledge {
  readonly catalogue: readonly AgentSpec[];
  readonly rules: readonly SequenceRule[];
  readonly baselines: Baselines;
  readonly store: ProfileStore;
  readonly acceptances: Acceptances;
  readonly desk: AcceptanceDesk;
}

export interface AppDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
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
const readLearned = async ({ baselines, store, acceptances, desk }: Knowledge): Promise<void> => {
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

/** One stream from its source to its receipts. */
export interface Run {
  readonly records: Observable<RawRecord>;
  readonly registry: Registry;
  readonly sinks: readonly Sink[];
  /** Keeps alerts beyond the end of this process. */
  readonly spool?: Spool | undefined;
  readonly learn?: ((lesson: Lesson) => unknown) | undefined;
  /** Present on live streams. */
  readonly live?: { readonly clock: Clock; readonly latenessMs: number };
  readonly onVerdict: (verdict: Verdict) => void;
  readonly onTick?: () => void;
}

/** The program's only subscription: resolves when the source has ended and everything behind it is flushed. */
export const flow = async (
  run: Run,
  { catalogue, rules, baselines, acceptances }: Knowledge,
  { config, log }: AppDeps,
): Promise<void> => {
  const { registry, learn, live, spool, onVerdict, onTick } = run;
  const observe = createObserver(registry);
  const faults = createFaults({ log, registry });
  const { restored } = createRestoredMetrics(registry);
  const onRestored = (sink: string, count: number) => restored.inc({ sink }, count);
  const judge = detect(config.detect, {
    rules,
    baselines,
    metrics: createDetectMetrics(registry),
    onFault: faults('judge'),
    isAccepted: acceptances.covers,
    ...(learn && { learn }),
  });
  const report = tap((item: Verdict | Tick) => (item.type === 'verdict' ? onVerdict(item) : onTick?.()));
  const receipts = pipeline(run.records, {
    decode: observe('decode', decode({ log, registry, onFault: faults('decode'), ...(live && { live }) })),
    trace: observe('trace', trace(catalogue, config.process, { registry, onFault: faults('trace') })),
    group: observe('group', group(catalogue, config.action, { registry, onFault: faults('group') })),
    judge: observe('judge', (actions) => actions.pipe(judge, report)),
    alert: observe(
      'alert',
      alert(config.alert, {
        registry,
        onFault: faults('alert'),
        isAccepted: acceptances.coversAll,
        restored: spool?.firing(),
      }),
    ),
    deliver: observe('deliver', deliver(run.sinks, config.alert.flushMs, spool, onRestored)),
  });
  await lastValueFrom(receipts, { defaultValue: undefined });
};

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

export interface WatchOptions {
  /** Told of each alert as it fires and resolves, besides those who are configured to get it. */
  readonly onAlert?: (alert: Alert) => void;
  readonly onVerdict: (verdict: Verdict) => void;
  /** Told where the service's own endpoints are. */
  readonly onListening?: (address: string) => void;
}

/** The pipeline counts as stuck when no tick has come through it for so long. */
const STUCK_AFTER = 60_000_000_000n;

/** Runs the service until its source ends or `signal` asks it to stop. Resolves with the parts that did not close in time. */
export const watch = async (
  knowledge: Knowledge,
  deps: AppDeps,
  { onAlert, onVerdict, onListening }: WatchOptions,
): Promise<readonly CloseFailure[]> => {
  const { config, log, signal, clock = systemClock } = deps;
  const registry = createRegistry();
  addProcessMetrics(registry);
  const sinks = [
    ...(onAlert ? [new CallbackSink(onAlert)] : []),
    // What is kept in memory ends with this process, and nobody else could accept it.
    ...(await configuredSinks(
      config.alert,
      { log, clock, registry },
      config.store === 'memory:' ? undefined : knowledge.desk.documents,
    )),
  ];
  const health = new Health(log);
  health.set('source', false, 'not connected yet');
  let lastTick = clock.monotonic();
  const live = () => clock.monotonic() - lastTick < STUCK_AFTER;
  const server = await startServer({ config: config.server, registry, health, live });
  log.info({ address: server.address }, 'serving /livez, /readyz and /metrics');
  onListening?.(server.address);
  let frozen = true;
  const read = async () => {
    await readLearned(knowledge);
    frozen = await knowledge.store.isFrozen();
  };
  const ended = new AbortController();
  const noteBaseline = (ready: boolean, detail: string) => health.set('baseline', ready, detail);
  await recall(read, { log, clock, signal: AbortSignal.any([signal, ended.signal]), health: noteBaseline });
  const learner = createLearner(knowledge, config.detect.learn.enabled ? 'store' : 'frozen', deps, {
    registry,
    frozen: () => frozen,
    health: (ready, detail) => health.set('store', ready, detail),
  });
  observeBaselines(registry, () => overview(knowledge.baselines, clock.now(), config.detect.baseline));
  const place = spoolPlace(config.alert, config.store);
  const spool =
    place &&
    (await openSpool(
      place,
      { capacity: config.alert.queueCapacity, sinks: sinks.map(({ name }) => name) },
      { log, clock, registry, health: (ready, detail) => health.set('spool', ready, detail) },
    ));
  const run: Run = {
    records: liveSource(config.source, {
      log,
      clock,
      registry,
      stop: signal,
      health: (ready, detail) => health.set('source', ready, detail),
    }),
    registry,
    sinks,
    spool,
    // A session that our own stop cut short was seen in part.
    learn:
      learner &&
      (({ profile, complete, doubts }) => {
        if (!complete) return;
        if (doubts.length === 0) learner.learn(profile);
        else
          learner.quarantine(
            profile,
            doubts.map(({ reason }) => reason),
          );
      }),
    live: { clock, latenessMs: config.process.allowedLatenessMs },
    onVerdict,
    onTick: () => {
      lastTick = clock.monotonic();
    },
  };
  const { accepted, failures: lookFailures } = createAcceptanceMetrics(registry);
  const ending = new AbortController();
  const following = followAcceptances(knowledge.desk, knowledge.acceptances, {
    clock,
    log,
    signal: ending.signal,
    onLook: (known) => (known ? accepted.set(known.length) : lookFailures.inc()),
  });
  const flowing = flow(run, knowledge, deps);
  const parts: Closable[] = [
    knowledge.store,
    { name: 'incidents', close: () => knowledge.desk.documents.close() },
    { name: 'server', close: () => server.close() },
    { name: 'spool', close: async () => spool?.close() },
    { name: 'learner', close: async () => learner?.flush() },
    { name: 'recall', close: async () => ended.abort() },
    { name: 'pipeline', close: () => flowing },
    {
      name: 'acceptances',
      close: () => {
        ending.abort();
        return following;
      },
    },
  ];
  await Promise.race([flowing.catch(() => {}), aborted(signal)]);
  const failures = await closeAll(parts, { graceMs: config.graceMs, clock });
  // An error of the source is the reason why we end, and worth more than that the pipeline did not close.
  if (!signal.aborted) await flowing;
  return failures;
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const createLearner = (
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
    metrics: createLearnMetrics(registry),
    ...more,
  });
};

/** What was learned, in the hands of a person. */
export const curate = ({ baselines, store }: Knowledge, { detect: { baseline } }: Config): Curator =>
  new Curator(baselines, store, baseline);
