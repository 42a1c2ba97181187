import type { OperatorFunction } from 'rxjs';
import type { Place } from '../model/acceptance.ts';
import type { Alert } from '../model/alert.ts';
import type { Tick } from '../model/flow.ts';
import type { Nanos } from '../model/time.ts';
import type { Verdict } from '../model/verdict.ts';
import { Counter, type Registry } from '../platform/metrics.ts';
import { machine } from '../stream/machine.ts';
import type { AlertConfig } from './config.ts';
import { incidents } from './incident.ts';

export interface AlertDeps {
  readonly registry: Registry;
  readonly onFault: (error: unknown) => void;
  /** Whether a person has accepted all of a place's accusations. */
  readonly isAccepted?: (place: Place, at: Nanos) => boolean;
  /** What an earlier process left firing. */
  readonly restored?: readonly Alert[] | undefined;
}

/** Turns the findings of sessions into alerts that fire and resolve. */
export const alert = (
  config: AlertConfig,
  { registry, onFault, isAccepted, restored = [] }: AlertDeps,
): OperatorFunction<Verdict | Tick, Alert | Tick> => {
  const evicted = new Counter({
    name: 'creance_alerts_evicted_total',
    help: 'Alerts resolved early because too many fired at once.',
    registers: [registry],
  });
  return machine(
    incidents({ ...config, restored, ...(isAccepted && { isAccepted }), onEvicted: () => evicted.inc() }),
    onFault,
  );
};
