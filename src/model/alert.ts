import type { Place } from './acceptance.ts';
import type { Nanos } from './time.ts';

/** A finding as Alertmanager knows it. The label set is its identity; all that varies by run stands in the annotations. */
export interface Alert {
  readonly type: 'alert';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: Nanos;
  /** Set once the alert is resolved. */
  readonly endsAt?: Nanos;
  readonly generatorURL?: string;
  /** Ids of the sessions that hold it, up to a limit: when all of them have ended, it is resolved. */
  readonly sessions?: readonly string[];
  readonly incident?: Incident;
}

/** One stretch for which a label set fires, and what it accuses, place by place: what a person may accept. */
export interface Incident {
  /** 12 hex digits; the same in every replay. */
  readonly id: string;
  readonly places: readonly Place[];
  /** Set where it accuses more than is kept. */
  readonly partial?: true;
}

/** What became of an alert at one sink. */
export interface Receipt {
  readonly type: 'receipt';
  readonly sink: string;
  readonly outcome: 'delivered' | 'dropped' | 'rejected';
  readonly count: number;
}
