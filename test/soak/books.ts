import type { Life } from './creance.ts';
import type { Break, Outage } from './faults.ts';
import type { Accepted } from './front.ts';
import type { Taken } from './webhook.ts';

/** What one Alertmanager has got, as the harness saw it. */
export interface AlertmanagerBook {
  /** As creance names it. */
  readonly name: string;
  readonly accepted: readonly Accepted[];
  /** Alerts that it accepted in the last life, repetitions included. */
  readonly sent: number;
  /** Alerts that it was ever seen to know, and those that it knows at the end, each by its label set. */
  readonly ever: ReadonlySet<string>;
  readonly now: ReadonlySet<string>;
}

/** Everything that was kept account of, when all is quiet again. */
export interface Books {
  readonly lives: readonly Life[];
  /** Every state of every alert in order: the lines of the alert file. */
  readonly raised: readonly Taken[];
  readonly webhook: { readonly name: string; readonly taken: readonly Taken[] };
  readonly alertmanagers: readonly AlertmanagerBook[];
  readonly outages: readonly Outage[];
  readonly transport: 'grpc' | 'http';
  readonly rate: number;
  readonly sent: number;
  readonly lost: number;
  readonly waiting: number;
  readonly breaks: readonly Break[];
  /** Sent and told of by nobody, at the end. */
  readonly unaccounted: number;
}
