import type { Alert, Receipt } from '../model/alert.ts';

/** A place that alerts go to. Nothing in it throws, rejects or makes its caller wait: a sink that fails fails alone. */
export interface Sink {
  /** Unique among the sinks of a program, free of credentials. */
  readonly name: string;
  /**
   * Starts the sink; from now on it reports what becomes of its alerts. Repetitions of a delivered alert are not reported,
   * nor is a state that a newer one overtook; what was rejected may be delivered later, once its receiver is put right.
   */
  open(report: (receipt: Receipt) => void): void;
  /** Takes the newest state of an alert. */
  take(alert: Alert): void;
  /** Delivers what is left for at most `deadlineMs`, reports the rest as dropped, then resolves. */
  close(deadlineMs: number): Promise<void>;
}
