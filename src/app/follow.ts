import { Mirror } from '../detect/baseline/mirror.ts';
import { createStoreMetrics } from '../detect/metrics.ts';
import { type Clock, sleep } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Registry } from '../platform/metrics.ts';
import type { Knowledge } from './knowledge.ts';

export interface FollowDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
  readonly signal: AbortSignal;
}

/** How soon what a person accepts or takes back is noticed, and after how many such looks what was learned is read again. */
const LOOK_MS = 5_000;
const LOOKS_PER_REFRESH = 6;

/**
 * Keeps up with the store while the service runs: what people accept, approve, take back and freeze, and what other services
 * learn. A store that does not answer leaves what was known.
 */
export class StoreFollower {
  readonly #knowledge: Knowledge;
  readonly #deps: FollowDeps;
  readonly #mirror: Mirror;
  readonly #metrics: ReturnType<typeof createStoreMetrics>;
  #frozen = true;
  #failing = false;

  constructor(knowledge: Knowledge, deps: FollowDeps) {
    this.#knowledge = knowledge;
    this.#deps = deps;
    this.#mirror = new Mirror(knowledge.baselines, knowledge.store);
    this.#metrics = createStoreMetrics(deps.registry);
  }

  /** True while nothing may be learned, as far as is known. */
  get frozen(): boolean {
    return this.#frozen;
  }

  /** Reads everything. Rejects with one message that names the store and the mend. */
  async readAll(waiting?: ReadonlySet<string>): Promise<void> {
    const { baselines, store } = this.#knowledge;
    await this.#readAccepted();
    const { added, removed, returned } = await this.#mirror.refresh(waiting);
    baselines.complete = true;
    this.#frozen = await store.isFrozen();
    for (const [change, count] of Object.entries({ added, removed, returned }))
      this.#metrics.changes.inc({ change }, count);
    if (returned > 0)
      this.#deps.log.warn(
        { store: store.name, sessions: returned },
        'the store had forgotten what was learned; it was given back',
      );
  }

  /** Reads again and again, once all has been read. Resolves when told to end. */
  async follow(waiting: () => ReadonlySet<string> | undefined): Promise<void> {
    const { clock, log, signal } = this.#deps;
    for (let look = 1; ; look++) {
      await sleep(clock, LOOK_MS, signal);
      if (signal.aborted) return;
      if (!this.#knowledge.baselines.complete) continue;
      const reason = await this.#look(look % LOOKS_PER_REFRESH === 0, waiting()).then(() => undefined, messageOf);
      if (reason !== undefined) this.#metrics.failures.inc();
      if (reason !== undefined && !this.#failing)
        log.warn({ reason }, 'what people accepted and others learned cannot be read; what was known goes on');
      if (reason === undefined && this.#failing) log.info('what people accepted and others learned can be read again');
      this.#failing = reason !== undefined;
    }
  }

  async #look(all: boolean, waiting: ReadonlySet<string> | undefined): Promise<void> {
    if (all) await this.readAll(waiting);
    else await this.#readAccepted();
  }

  async #readAccepted(): Promise<void> {
    const { acceptances, desk } = this.#knowledge;
    const accepted = await desk.accepted();
    acceptances.replace(accepted);
    this.#metrics.accepted.set(accepted.length);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
