import { type OperatorFunction, tap } from 'rxjs';
import type { AgentSpec } from '../model/catalogue.ts';
import type { Tick } from '../model/flow.ts';
import type { Traced } from '../model/traced.ts';
import type { Registry } from '../platform/metrics.ts';
import { machine } from '../stream/machine.ts';
import type { ActionConfig } from './config.ts';
import { type Grouped, grouper } from './grouper.ts';
import { createActionMetrics } from './metrics.ts';

/** Events with their session in, actions out; the sessions' beginnings, ends and gaps pass through. */
export const group = (
  catalogue: readonly AgentSpec[],
  config: ActionConfig,
  { registry, onFault }: { readonly registry: Registry; readonly onFault: (error: unknown) => void },
): OperatorFunction<Traced | Tick, Grouped | Tick> => {
  const { limited, actions } = createActionMetrics(registry);
  const core = grouper(catalogue, config, (limit) => limited.inc({ limit }));
  return (source) =>
    source.pipe(
      machine(core, onFault),
      tap((item) => {
        if (item.type === 'action' && !item.preview) actions.inc({ kind: item.kind });
      }),
    );
};
