import type { OperatorFunction } from 'rxjs';
import type { AgentSpec } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import type { Gap, Tick } from '../model/flow.ts';
import type { Traced } from '../model/traced.ts';
import type { Registry } from '../platform/metrics.ts';
import { machine } from '../stream/machine.ts';
import type { ProcessConfig } from './config.ts';
import { Accounts, registerProcessMetrics } from './metrics.ts';
import { tracer } from './tracer.ts';

/** Events in, events with their session out. */
export const trace = (
  catalogue: readonly AgentSpec[],
  config: ProcessConfig,
  { registry, onFault }: { readonly registry: Registry; readonly onFault: (error: unknown) => void },
): OperatorFunction<FalcoEvent | Gap | Tick, Traced | Tick> => {
  const accounts = new Accounts();
  registerProcessMetrics(
    registry,
    catalogue.map(({ id }) => id),
    accounts,
  );
  return machine(tracer(catalogue, config, accounts), onFault);
};
