import { type OperatorFunction, tap } from 'rxjs';
import { Counter, type Registry } from '../platform/metrics.ts';

/** Counts what enters and leaves a stage, by type. Stages themselves count only what is special to their domain. */
export const createObserver = (registry: Registry) => {
  const items = new Counter({
    name: 'creance_stage_items_total',
    help: 'Items that entered and left each stage of the pipeline, by type.',
    labelNames: ['stage', 'direction', 'type'],
    registers: [registry],
  });
  const count = <Item extends { readonly type: string }>(stage: string, direction: 'in' | 'out') => {
    const byType = new Map<string, { inc(): void }>();
    return tap<Item>(({ type }) => {
      let counter = byType.get(type);
      if (!counter) {
        counter = items.labels(stage, direction, type);
        byType.set(type, counter);
      }
      counter.inc();
    });
  };
  return <In extends { readonly type: string }, Out extends { readonly type: string }>(
    name: string,
    stage: OperatorFunction<In, Out>,
  ): OperatorFunction<In, Out> => {
    return (source) => source.pipe(count<In>(name, 'in'), stage, count<Out>(name, 'out'));
  };
};
