import { type OperatorFunction, tap } from 'rxjs';
import type { Registry } from '../platform/metrics.ts';
import { type Tally, TallyCounter } from '../platform/tally.ts';

/** Counts what enters and leaves a stage, by type. Stages themselves count only what is special to their domain. */
export const createObserver = (registry: Registry) => {
  const items = new TallyCounter({
    name: 'creance_stage_items_total',
    help: 'Items that entered and left each stage of the pipeline, by type.',
    labelNames: ['stage', 'direction', 'type'],
    registers: [registry],
  });
  const count = <Item extends { readonly type: string }>(stage: string, direction: 'in' | 'out') => {
    const byType = new Map<string, Tally>();
    return tap<Item>(({ type }) => {
      let tally = byType.get(type);
      if (!tally) {
        tally = items.labels(stage, direction, type);
        byType.set(type, tally);
      }
      tally.inc();
    });
  };
  return <In extends { readonly type: string }, Out extends { readonly type: string }>(
    name: string,
    stage: OperatorFunction<In, Out>,
  ): OperatorFunction<In, Out> => {
    return (source) => source.pipe(count<In>(name, 'in'), stage, count<Out>(name, 'out'));
  };
};
