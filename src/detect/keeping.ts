import type { Logger } from '../platform/log.ts';
import type { LearnMetrics } from './metrics.ts';

/** Told of readiness, and of what there is to say of it. */
export type TellHealth = (ready: boolean, detail: string) => void;

export interface KeepingDeps {
  readonly log: Logger;
  readonly metrics: LearnMetrics;
  readonly health?: TellHealth | undefined;
}

/**
 * Tells how the keeping of learned sessions goes: one line when the store stops taking them, one when the first of too many
 * is lost, one when it goes on. A service whose sessions wait is ready, for nothing is lost as long as it lives; one that
 * loses them is not, until the store takes the next.
 */
export class Keeping {
  readonly #deps: KeepingDeps;
  /** Why the store takes nothing; undefined while it does. */
  #reason: string | undefined;
  #overflowed = 0;
  #lost = 0;

  constructor(deps: KeepingDeps) {
    this.#deps = deps;
  }

  /** Sessions lost so far. */
  get lost(): number {
    return this.#lost;
  }

  waits(waiting: number): void {
    this.#deps.metrics.pending.set(waiting);
    this.#tell(waiting);
  }

  kept(waiting: number): void {
    const { log } = this.#deps;
    if (this.#reason !== undefined || this.#overflowed > 0)
      log.info({ waiting, lost: this.#overflowed }, 'the store takes learned sessions again');
    this.#reason = undefined;
    this.#overflowed = 0;
    this.waits(waiting);
  }

  failed(reason: string, waiting: number): void {
    const { log, metrics } = this.#deps;
    metrics.commitFailures.inc();
    if (this.#reason === undefined)
      log.warn({ reason, waiting }, 'the store does not take learned sessions; they wait and are tried again');
    this.#reason = reason;
    this.waits(waiting);
  }

  /** The oldest session that waited made room for a new one. */
  overflowed(): void {
    if (this.#overflowed++ === 0)
      this.#deps.log.error('too many learned sessions wait for the store; the oldest are lost to the next start');
    this.#count(1);
  }

  /** It is the end, and these sessions were not kept. */
  gaveUp(sessions: number): void {
    this.#deps.log.error(
      { lost: sessions, reason: this.#reason },
      'learned sessions were not kept before the end; they are lost to the next start',
    );
    this.#count(sessions);
    this.waits(0);
  }

  #count(lost: number): void {
    this.#lost += lost;
    this.#deps.metrics.lost.inc(lost);
  }

  #tell(waiting: number): void {
    const because = this.#reason === undefined ? '' : `: ${this.#reason}`;
    const lost = `${this.#overflowed} learned sessions are lost to the next start`;
    if (this.#overflowed > 0) this.#deps.health?.(false, `${lost}, ${waiting} wait${because}`);
    else if (because) this.#deps.health?.(true, `${waiting} learned sessions wait${because}`);
    else this.#deps.health?.(true, 'learned sessions are kept');
  }
}
