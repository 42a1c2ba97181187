import { lastValueFrom, type Observable, tap } from 'rxjs';
import { group } from './action/stage.ts';
import { alertmanagerSinks } from './alert/alertmanager.ts';
import { deliver } from './alert/deliver.ts';
import { PrintSink } from './alert/print.ts';
import type { Sink } from './alert/sink.ts';
import { alert } from './alert/stage.ts';
import type { Config } from './config.ts';
import { decode } from './decode/stage.ts';
import { Baselines } from './detect/baseline/baselines.ts';
import { exportProfiles, readExport } from './detect/baseline/exchange.ts';
import { openStore } from './detect/baseline/open-store.ts';
import { showBaseline } from './detect/baseline/show.ts';
import type { ProfileStore } from './detect/baseline/store.ts';
import type { Lesson } from './detect/judge.ts';
import { Learner } from './detect/learner.ts';
import { createDetectMetrics, createLearnMetrics } from './detect/metrics.ts';
import { loadSequenceRules, type SequenceRule } from './detect/sequence/rule.ts';
import { detect } from './detect/stage.ts';
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
import { createObserver } from './stream/observe.ts';

/** What verdicts are made with, opened once and shared by every run. */
export interface Knowledge {
  readonly catalogue: readonly AgentSpec[];
  readonly rules: readonly SequenceRule[];
  readonly baselines: Baselines;
  readonly store: ProfileStore;
}

export interface AppDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** Reads the rules and the learned baselines. Rejects with one message that names the file or store and the mend. */
export const openKnowledge = async ({ config, log }: Pick<AppDeps, 'config' | 'log'>): Promise<Knowledge> => {
  const catalogue = loadCatalogue(config.process.agents);
  const rules = loadSequenceRules(config.detect.sequence.rules);
  const store = openStore(config.store, log);
  const baselines = new Baselines(config.detect.baseline.maxSessions);
  for (const profile of await store.load()) baselines.add(profile);
  return { catalogue, rules, baselines, store };
};

/** How much of what is seen is learned: nothing, for as long as this process lives, or for good. */
export type Learning = 'frozen' | 'memory' | 'store';

/** One stream from its source to its receipts. */
interface Run {
  readonly records: Observable<RawRecord>;
  readonly registry: Registry;
  readonly sinks: readonly Sink[];
  readonly learn?: ((lesson: Lesson) => unknown) | undefined;
  /** Present on live streams. */
  readonly live?: { readonly clock: Clock; readonly latenessMs: number };
  readonly onVerdict: (verdict: Verdict) => void;
  readonly onTick?: () => void;
}

/** The program's only subscription: resolves when the source has ended and everything behind it is flushed. */
const flow = async (run: Run, { catalogue, rules, baselines }: Knowledge, { config, log }: AppDeps): Promise<void> => {
  const { registry, learn, live, onVerdict, onTick } = run;
  const observe = createObserver(registry);
  const judge = detect(config.detect, {
    rules,
    baselines,
    metrics: createDetectMetrics(registry),
    ...(learn && { learn }),
  });
  const report = tap((item: Verdict | Tick) => (item.type === 'verdict' ? onVerdict(item) : onTick?.()));
  const receipts = pipeline(run.records, {
    decode: observe('decode', decode({ log, registry, ...(live && { live }) })),
    trace: observe('trace', trace(catalogue, config.process)),
    group: observe('group', group(catalogue, config.action)),
    judge: observe('judge', (actions) => actions.pipe(judge, report)),
    alert: observe('alert', alert(config.alert, { registry })),
    deliver: observe('deliver', deliver(run.sinks, config.alert.flushMs)),
  });
  await lastValueFrom(receipts, { defaultValue: undefined });
};

export interface ReplayOptions {
  readonly learning: Learning;
  /** Sessions that are new in harmless ways are learned as well: somebody vouches for them. */
  readonly vouched?: boolean;
  readonly onVerdict: (verdict: Verdict) => void;
  /** Told of each alert as it fires; replayed alerts go nowhere else. */
  readonly onAlert?: (line: string) => void;
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
  const learner = createLearner(knowledge, learning, log, registry);
  const source = { ...config.source, file: { ...config.source.file, follow: false } };
  const records = fileSource(path, source, { log, clock, registry, stop: signal });
  // A recording may end before its session does; it was chosen by somebody, and is learned all the same.
  const learn =
    learner &&
    (({ profile, novel }: Lesson) => {
      if (vouched || !novel) onLesson(profile.session, learner.learn(profile));
    });
  const sinks = onAlert ? [new PrintSink(onAlert, 'text', 'firing')] : [];
  await flow({ records, registry, sinks, learn, onVerdict }, knowledge, deps);
  await learner?.flush();
  return { lost: learner?.failures ?? 0 };
};

export interface WatchOptions {
  /** Told of each alert as it fires and resolves, besides those who are configured to get it. */
  readonly onAlert?: (line: string) => void;
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
  const health = new Health(log);
  health.set('source', false, 'not connected yet');
  let lastTick = clock.now();
  const live = () => clock.now() - lastTick < STUCK_AFTER;
  const server = await startServer({ config: config.server, registry, health, live });
  log.info({ address: server.address }, 'serving /livez, /readyz and /metrics');
  onListening?.(server.address);
  const learner = createLearner(knowledge, config.detect.learn.enabled ? 'store' : 'frozen', log, registry);
  const run: Run = {
    records: liveSource(config.source, {
      log,
      clock,
      registry,
      stop: signal,
      health: (ready, detail) => health.set('source', ready, detail),
    }),
    registry,
    sinks: [...(onAlert ? [new PrintSink(onAlert)] : []), ...alertmanagerSinks(config.alert, { log, clock, registry })],
    // A session that our own stop cut short was seen in part.
    learn: learner && (({ profile, complete, novel }) => complete && !novel && learner.learn(profile)),
    live: { clock, latenessMs: config.process.allowedLatenessMs },
    onVerdict,
    onTick: () => {
      lastTick = clock.now();
    },
  };
  const flowing = flow(run, knowledge, deps);
  const parts: Closable[] = [
    knowledge.store,
    { name: 'server', close: () => server.close() },
    { name: 'learner', close: async () => learner?.flush() },
    { name: 'pipeline', close: () => flowing },
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
  log: Logger,
  registry: Registry,
): Learner | undefined => {
  if (learning === 'frozen') return undefined;
  return new Learner(baselines, learning === 'store' ? store : undefined, log, createLearnMetrics(registry));
};

/** What is usual in each scope, for people. */
export const showBaselines = ({ baselines }: Knowledge, { detect: { baseline } }: Config): string => {
  const shown = baselines.all().map((one) => showBaseline(one, baseline));
  return shown.length > 0 ? shown.join('\n') : 'nothing was learned yet\n';
};

export const exportBaselines = ({ baselines }: Knowledge): string =>
  exportProfiles(baselines.all().flatMap(({ profiles }) => profiles));

/** Adds what was exported; `name` is for messages. Rejects when the document is none, before anything is added. */
export const importBaselines = async ({ store }: Knowledge, text: string, name: string) => {
  const profiles = readExport(text, name);
  let added = 0;
  for (const profile of profiles) if (await store.add(profile)) added++;
  return { added, known: profiles.length - added };
};

/** Forgets the sessions of one repository, or all; resolves with their number. */
export const resetBaselines = ({ baselines, store }: Knowledge, repository?: string): Promise<number> => {
  const profiles = baselines.all().flatMap((baseline) => baseline.profiles);
  return store.remove(profiles.filter(({ scope }) => repository === undefined || scope.repository === repository));
};
