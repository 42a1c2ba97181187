import { Backoff } from '../platform/backoff.ts';
import { type Clock, sleep, systemClock } from '../platform/clock.ts';
import { errorMessage } from '../platform/error-message.ts';
import type { Logger } from '../platform/log.ts';
import type { Baselines } from './baseline/baselines.ts';
import { type SessionProfile, scopeKey } from './baseline/profile.ts';
import type { ProfileStore, Shelf } from './baseline/store.ts';
import { Keeping, type TellHealth } from './keeping.ts';
import type { LearnMetrics } from './metrics.ts';

/** Sessions that wait for a store that does not answer; beyond it the oldest are given up. */
const MAX_QUEUE = 1_000;
/** Tries in a row that may fail once nothing more will come. */
const LAST_TRIES = 3;
const RETRY = { initialMs: 200, maxMs: 30_000 };

interface Commit {
  readonly profile: SessionProfile;
  readonly shelf: Shelf;
  readonly forgotten: readonly SessionProfile[];
}

export interface LearnerDeps {
  /** Absent where nothing is kept. */
  readonly store?: ProfileStore | undefined;
  readonly log: Logger;
  readonly metrics: LearnMetrics;
  readonly clock?: Clock;
  /** Told whether what is learned is kept. */
  readonly health?: TellHealth | undefined;
  /** Nothing may be learned: what would be waits for a person. */
  readonly frozen?: () => boolean;
  /** Sessions of one scope that this process sets aside for a person, at most. */
  readonly maxPending?: number;
  /** Scopes that have a baseline, at most: who sets a job's environment chooses their names. */
  readonly maxScopes?: number;
}

/**
 * Takes what clean sessions teach into the baselines at once, and into the store, where there is one, in the order they
 * came and as soon as it answers. Verdicts never wait for the store.
 */
export class Learner {
  readonly #baselines: Baselines;
  readonly #deps: LearnerDeps;
  readonly #clock: Clock;
  readonly #queue: Commit[] = [];
  readonly #backoff = new Backoff(RETRY);
  readonly #ending = new AbortController();
  readonly #keeping: Keeping;
  #working: Promise<void> | undefined;
  /** Sessions set aside, by scope. */
  readonly #aside = new Map<string, number>();
  #refused = false;

  constructor(baselines: Baselines, deps: LearnerDeps) {
    this.#baselines = baselines;
    this.#deps = deps;
    this.#clock = deps.clock ?? systemClock;
    this.#keeping = new Keeping(deps);
    if (deps.store) this.#keeping.waits(0);
  }

  /** Sessions that the store could not keep. */
  get failures(): number {
    return this.#keeping.lost;
  }

  /** Learns a session; false when it was known before, or has to wait for a person. */
  learn(profile: SessionProfile): boolean {
    if (!this.#hasRoom(profile)) return false;
    if (this.#deps.frozen?.()) {
      this.quarantine(profile, ['the baseline is frozen']);
      return false;
    }
    const forgotten = this.#baselines.add(profile);
    if (!forgotten) return false;
    this.#deps.metrics.learned.inc();
    this.#enqueue({ profile, shelf: 'learned', forgotten });
    return true;
  }

  /** Sets a session aside for a person to judge. */
  quarantine(profile: SessionProfile, doubts: readonly string[]): void {
    if (!this.#hasRoom(profile)) return;
    const key = scopeKey(profile.scope, profile.agent);
    const waiting = (this.#aside.get(key) ?? 0) + 1;
    if (waiting > (this.#deps.maxPending ?? Number.POSITIVE_INFINITY)) return;
    this.#aside.set(key, waiting);
    this.#deps.metrics.quarantined.inc();
    this.#enqueue({ profile: { ...profile, doubts: [...doubts] }, shelf: 'pending', forgotten: [] });
  }

  /** Sessions on their way to the store. */
  waiting(): ReadonlySet<string> {
    return new Set(this.#queue.map(({ profile }) => profile.session));
  }

  /** Resolves when everything learned so far is kept, or has failed a few times more and been told. */
  async flush(): Promise<void> {
    this.#ending.abort();
    await this.#working;
  }

  /** False for a session of a scope too many. */
  #hasRoom({ scope, agent }: SessionProfile): boolean {
    const { maxScopes = Number.POSITIVE_INFINITY, metrics, log } = this.#deps;
    const isKnown = this.#baselines.of({ scope, agent }).own.sessions > 0 || this.#aside.has(scopeKey(scope, agent));
    if (isKnown || (this.#baselines.scopes < maxScopes && this.#aside.size < maxScopes)) return true;
    metrics.refused.inc();
    if (!this.#refused)
      log.error(
        { scopes: maxScopes },
        'sessions of further scopes are not learned: there are as many as detect.baseline.maxScopes allows',
      );
    this.#refused = true;
    return false;
  }

  #enqueue(commit: Commit): void {
    if (!this.#deps.store) return;
    this.#queue.push(commit);
    while (this.#queue.length > MAX_QUEUE) {
      this.#queue.shift();
      this.#keeping.overflowed();
    }
    this.#keeping.waits(this.#queue.length);
    this.#working ??= this.#work(this.#deps.store).finally(() => {
      this.#working = undefined;
    });
  }

  async #work(store: ProfileStore): Promise<void> {
    let tries = 0;
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const reason = await commit(store, next);
      if (reason === undefined) {
        this.#backoff.reset();
        tries = 0;
        this.#drop(next);
        this.#keeping.kept(this.#queue.length);
        continue;
      }
      tries++;
      this.#keeping.failed(reason, this.#queue.length);
      if (this.#ending.signal.aborted && tries >= LAST_TRIES) {
        this.#keeping.gaveUp(this.#queue.splice(0).length);
        return;
      }
      await this.#wait();
    }
  }

  /** A pause before the next try; a short one when everything is about to end. */
  #wait(): Promise<void> {
    const delay = this.#backoff.next();
    if (this.#ending.signal.aborted) return sleep(this.#clock, Math.min(delay, RETRY.initialMs));
    return sleep(this.#clock, delay, this.#ending.signal);
  }

  #drop(commit: Commit): void {
    const at = this.#queue.indexOf(commit);
    if (at >= 0) this.#queue.splice(at, 1);
  }
}

/** Why the store did not take it; undefined when it did. */
const commit = async (store: ProfileStore, { profile, shelf, forgotten }: Commit): Promise<string | undefined> => {
  try {
    await store.add(profile, shelf);
    if (forgotten.length > 0) await store.remove(forgotten);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
};
