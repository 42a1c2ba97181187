import type { Alert, Receipt } from '../model/alert.ts';

/** Told what became of alerts; a count of 0 tells of `settled` ones alone. `settled` are those that the receiver needs not be told of again, not even by another process. */
export type Report = (receipt: Receipt, settled?: readonly Alert[]) => void;

/** A place that alerts go to. Nothing in it throws, rejects or makes its caller wait: a sink that fails fails alone. */
export interface Sink {
  /** Unique among the sinks of a program, the same in every run, free of credentials. */
  readonly name: string;
  /** True where the receiver is kept told of what fires and so must hear of it again from a new process. */
  readonly repeats?: boolean;
  /**
   * Starts the sink; from now on it reports what becomes of its alerts. Repetitions of a delivered alert are not reported,
   * nor is a state that a newer one overtook; what was rejected may be delivered later, once its receiver is put right.
   */
  open(report: Report): void;
  /** Takes the newest state of an alert. */
  take(alert: Alert): void;
  /** Delivers what is left for at most `deadlineMs`, reports the rest as dropped, then resolves. */
  close(deadlineMs: number): Promise<void>;
}
