/** Time as the program sees it. Everything that waits or asks the time takes a Clock, so that tests own both. */
export interface Clock {
  /** Nanoseconds since the Unix epoch. */
  now(): bigint;
  /** Runs `task` once, `delayMs` from now; the result cancels it. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` each `periodMs`; the result cancels it. */
  every(periodMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => BigInt(Date.now()) * 1_000_000n,
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

/** The in-memory twin: time moves only when `advance` is called. */
export class ManualClock implements Clock {
  #now: bigint;
  #timers = new Set<{ due: bigint; period?: bigint; task: () => void }>();

  constructor(start = 0n) {
    this.#now = start;
  }

  now(): bigint {
    return this.#now;
  }

  after(delayMs: number, task: () => void): () => void {
    return this.#add({ due: this.#now + BigInt(Math.round(delayMs * 1e6)), task });
  }

  every(periodMs: number, task: () => void): () => void {
    const period = BigInt(Math.round(periodMs * 1e6));
    return this.#add({ due: this.#now + period, period, task });
  }

  /** Moves time on by `durationMs` and runs what falls due, in order of time. */
  advance(durationMs: number): void {
    const until = this.#now + BigInt(Math.round(durationMs * 1e6));
    for (;;) {
      const next = [...this.#timers].filter((t) => t.due <= until).sort((a, b) => Number(a.due - b.due))[0];
      if (!next) break;
      this.#now = next.due;
      if (next.period === undefined) this.#timers.delete(next);
      else next.due += next.period;
      next.task();
    }
    this.#now = until;
  }

  #add(timer: { due: bigint; period?: bigint; task: () => void }): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}
