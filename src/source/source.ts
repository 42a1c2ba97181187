import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Registry } from '../platform/metrics.ts';

/** What every source is given beside its configuration. */
export interface SourceDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly registry: Registry;
  /** Aborted once, to ask for a clean end: take what is under way, then complete. */
  readonly stop: AbortSignal;
  /** Told at each change whether events can come, and of what that depends, in words for a person. */
  readonly health?: (ready: boolean, detail: string) => void;
}
