export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  /** A source of randomness in [0, 1), for jitter. */
  readonly random?: () => number;
}

/** Capped exponential backoff with full jitter: each delay is drawn between half and all of the step, so that peers spread. */
export class Backoff {
  readonly #options: BackoffOptions;
  #step: number;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#step = options.initialMs;
  }

  /** The next delay in milliseconds. */
  next(): number {
    const { maxMs, random = Math.random } = this.#options;
    const step = Math.min(this.#step, maxMs);
    this.#step = Math.min(step * 2, maxMs);
    return Math.round(step * (0.5 + random() / 2));
  }

  /** Success: start again from the first step. */
  reset(): void {
    this.#step = this.#options.initialMs;
  }
}
