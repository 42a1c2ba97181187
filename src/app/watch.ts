import { CallbackSink } from '../alert/callback.ts';
import { configuredSinks } from '../alert/sinks.ts';
import { openSpool } from '../alert/spool/open.ts';
import { spoolPlace } from '../alert/spool/place.ts';
import { flow, type Run } from '../app.ts';
import { overview } from '../detect/baseline/readiness.ts';
import { observeBaselines } from '../detect/metrics.ts';
import { recall } from '../detect/recall.ts';
import type { Alert } from '../model/alert.ts';
import type { Verdict } from '../model/verdict.ts';
import { systemClock } from '../platform/clock.ts';
import { Health } from '../platform/health.ts';
import { type Closable, type CloseFailure, closeAll, overOrAborted } from '../platform/lifecycle.ts';
import { addProcessMetrics, createRegistry } from '../platform/metrics.ts';
import { startServer } from '../platform/server.ts';
import { liveSource } from '../source/live.ts';
import { StoreFollower } from './follow.ts';
import { type AppDeps, createLearner, type Knowledge } from './knowledge.ts';

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
  const stopping = new AbortController();
  const follower = new StoreFollower(knowledge, { log, clock, registry, signal: stopping.signal });
  await recall(() => follower.readLearned(), {
    log,
    clock,
    signal: AbortSignal.any([signal, stopping.signal]),
    health: (ready, detail) => health.set('baseline', ready, detail),
  });
  const learner = createLearner(knowledge, config.detect.learn.enabled ? 'store' : 'frozen', deps, {
    registry,
    frozen: () => follower.frozen,
    health: (ready, detail) => health.set('store', ready, detail),
  });
  observeBaselines(registry, () => overview(knowledge.baselines, clock.now(), config.detect.baseline));
  const place = spoolPlace(config.alert, config.store);
  const spool =
    place &&
    (await openSpool(
      place,
      { capacity: config.alert.queueCapacity, sinks: sinks.map(({ name }) => name) },
      { log, clock, registry, signal, health: (ready, detail) => health.set('spool', ready, detail) },
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
  const following = follower.follow(() => learner?.waiting());
  const flowing = flow(run, knowledge, deps);
  const parts: Closable[] = [
    knowledge.store,
    { name: 'incidents', close: () => knowledge.desk.documents.close() },
    { name: 'server', close: () => server.close() },
    { name: 'spool', close: async () => spool?.close() },
    { name: 'learner', close: async () => learner?.flush() },
    {
      name: 'follower',
      close: () => {
        stopping.abort();
        return following;
      },
    },
    { name: 'pipeline', close: () => flowing },
  ];
  await overOrAborted(flowing, signal).catch(() => {});
  const failures = await closeAll(parts, { graceMs: config.graceMs, clock });
  // An error of the source is the reason why we end, and worth more than that the pipeline did not close.
  if (!signal.aborted) await flowing;
  return failures;
};
