/** Time as the program sees it. Everything that waits or asks the time takes a Clock, so that tests own both. */
export interface Clock {
  /** Nanoseconds since the Unix epoch. Somebody may set it, forward or back: what has gone by is told by `monotonic`. */
  now(): bigint;
  /** Nanoseconds since some moment of the past, whatever is done to the date: only for differences. */
  monotonic(): bigint;
  /** Runs `task` once, `delayMs` from now; the result cancels it. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` each `periodMs`; the result cancels it. */
  every(periodMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => BigInt(Date.now()) * 1_000_000n,
  monotonic: () => process.hrtime.bigint(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  every: (periodMs, task) => {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
};

/** Resolves after `delayMs`, or at once when `signal` aborts. Never rejects. */
export const sleep = (clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = () => {
      cancel();
      resolve();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });

/**
 * The date for those who must not see it go back: where it is set back, it goes on from where it was, at the pace of the
 * monotonic clock, until the date has come up with it.
 */
export const steadyDate = (clock: Clock): (() => bigint) => {
  let date = clock.now();
  let at = clock.monotonic();
  return () => {
    const asked = clock.monotonic();
    const carried = date + asked - at;
    const told = clock.now();
    date = told > carried ? told : carried;
    at = asked;
    return date;
  };
};

/** The in-memory twin: time moves only when `advance` is called, and the date besides when it is `set`. */
export class ManualClock implements Clock {
  #elapsed = 0n;
  /** The date at the beginning of the monotonic time. */
  #epoch: bigint;
  #timers = new Set<{ due: bigint; period?: bigint; task: () => void }>();

  constructor(start = 0n) {
    this.#epoch = start;
  }

  now(): bigint {
    return this.#epoch + this.#elapsed;
  }

  monotonic(): bigint {
    return this.#elapsed;
  }

  /** Sets the date, as a person or NTP does; no time goes by. */
  set(date: bigint): void {
    this.#epoch = date - this.#elapsed;
  }

  after(delayMs: number, task: () => void): () => void {
    return this.#add({ due: this.#elapsed + BigInt(Math.round(delayMs * 1e6)), task });
  }

  every(periodMs: number, task: () => void): () => void {
    const period = BigInt(Math.round(periodMs * 1e6));
    return this.#add({ due: this.#elapsed + period, period, task });
  }

  /** Moves time on by `durationMs` and runs what falls due, in order of time. */
  advance(durationMs: number): void {
    const until = this.#elapsed + BigInt(Math.round(durationMs * 1e6));
    for (;;) {
      const next = [...this.#timers].filter((t) => t.due <= until).sort((a, b) => Number(a.due - b.due))[0];
      if (!next) break;
      this.#elapsed = next.due;
      if (next.period === undefined) this.#timers.delete(next);
      else next.due += next.period;
      next.task();
    }
    this.#elapsed = until;
  }

  #add(timer: { due: bigint; period?: bigint; task: () => void }): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}
