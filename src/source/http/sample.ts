import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';

const PERIOD_NS = 10_000_000_000n;
const SAMPLE_CHARACTERS = 200;

/** Logs refused bodies at a bounded rate, as escaped samples: they are whatever a stranger sent. */
export class RefusalLog {
  readonly #log: Logger;
  readonly #clock: Clock;
  #quietUntil: bigint | undefined;
  #suppressed = 0;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Writes one line in ten seconds at most; the next tells how many were left out. */
  refused(reason: string, body: string): void {
    const now = this.#clock.monotonic();
    if (this.#quietUntil !== undefined && now < this.#quietUntil) {
      this.#suppressed++;
      return;
    }
    this.#quietUntil = now + PERIOD_NS;
    this.#log.warn({ reason, sample: escapeSample(body), suppressed: this.#suppressed }, 'refused a request body');
    this.#suppressed = 0;
  }
}

/** The beginning of a text as a JSON string in printable ASCII, so that it can neither forge a line nor steer a terminal. */
export const escapeSample = (text: string): string =>
  JSON.stringify(text.slice(0, SAMPLE_CHARACTERS)).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
