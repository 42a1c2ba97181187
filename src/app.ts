import { lastValueFrom, type Observable, tap } from 'rxjs';
import { group } from './action/stage.ts';
import { deliver } from './alert/deliver.ts';
import { createRestoredMetrics } from './alert/metrics.ts';
import type { Sink } from './alert/sink.ts';
import type { Spool } from './alert/spool/spool.ts';
import { alert } from './alert/stage.ts';
import type { AppDeps, Knowledge } from './app/knowledge.ts';
import { decode } from './decode/stage.ts';
import type { Lesson } from './detect/judge.ts';
import { createDetectMetrics } from './detect/metrics.ts';
import { detect } from './detect/stage.ts';
import type { Tick } from './model/flow.ts';
import type { RawRecord } from './model/record.ts';
import type { Verdict } from './model/verdict.ts';
import { pipeline } from './pipeline.ts';
import type { Clock } from './platform/clock.ts';
import type { Registry } from './platform/metrics.ts';
import { trace } from './process/stage.ts';
import { createFaults } from './stream/faults.ts';
import { createObserver } from './stream/observe.ts';

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
