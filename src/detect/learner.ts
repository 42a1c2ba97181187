import type { Logger } from '../platform/log.ts';
import type { Baselines } from './baseline/baselines.ts';
import type { SessionProfile } from './baseline/profile.ts';
import type { ProfileStore } from './baseline/store.ts';
import type { LearnMetrics } from './metrics.ts';

/** Takes what clean sessions teach into the baselines at once, and into the store, where there is one, as soon as it can. */
export class Learner {
  readonly #baselines: Baselines;
  readonly #store: ProfileStore | undefined;
  readonly #log: Logger;
  readonly #metrics: LearnMetrics;
  readonly #pending = new Set<Promise<void>>();
  #failures = 0;

  constructor(baselines: Baselines, store: ProfileStore | undefined, log: Logger, metrics: LearnMetrics) {
    this.#baselines = baselines;
    this.#store = store;
    this.#log = log;
    this.#metrics = metrics;
  }

  /** Sessions that the store could not keep. */
  get failures(): number {
    return this.#failures;
  }

  /** Learns a session; false when it was known before. */
  learn(profile: SessionProfile): boolean {
    const forgotten = this.#baselines.add(profile);
    if (!forgotten) return false;
    this.#metrics.learned.inc();
    if (!this.#store) return true;
    const commit = this.#commit(this.#store, profile, forgotten);
    this.#pending.add(commit);
    this.#metrics.pending.set(this.#pending.size);
    void commit.finally(() => {
      this.#pending.delete(commit);
      this.#metrics.pending.set(this.#pending.size);
    });
    return true;
  }

  /** Resolves when everything learned so far is kept, or has failed and been told. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #commit(store: ProfileStore, profile: SessionProfile, forgotten: readonly SessionProfile[]): Promise<void> {
    try {
      await store.add(profile);
      if (forgotten.length > 0) await store.remove(forgotten);
    } catch (error) {
      this.#failures++;
      this.#metrics.commitFailures.inc();
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.error(
        { session: profile.session, reason },
        'a learned session could not be kept; it is lost to the next start',
      );
    }
  }
}
