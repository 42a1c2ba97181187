import { Mirror } from '../detect/baseline/mirror.ts';
import { createStoreMetrics } from '../detect/metrics.ts';
import { type Clock, sleep } from '../platform/clock.ts';
import { errorMessage } from '../platform/error-message.ts';
import type { Logger } from '../platform/log.ts';
import type { Registry } from '../platform/metrics.ts';
import type { Accepted } from './acceptance.ts';
import type { Knowledge } from './knowledge.ts';

export interface FollowDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
  readonly signal: AbortSignal;
}

/** How soon what a person accepts, takes back or freezes is noticed, and after how many such looks all is read again. */
const LOOK_MS = 5_000;
const LOOKS_PER_REFRESH = 6;

/**
 * Keeps up with the store while the service runs: what people accept, approve, take back and freeze, and what other services
 * learn. A store that does not answer leaves what was known; one that has forgotten everything is given back what is known.
 */
export class StoreFollower {
  readonly #knowledge: Knowledge;
  readonly #deps: FollowDeps;
  readonly #mirror: Mirror;
  readonly #metrics: ReturnType<typeof createStoreMetrics>;
  #accepted: Accepted = { acceptances: [], unreadable: [] };
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

  /** Reads what was learned. Rejects with one message that names the store and the mend. */
  async readLearned(waiting?: ReadonlySet<string>): Promise<void> {
    const { baselines } = this.#knowledge;
    const { forgot, ...changes } = await this.#mirror.refresh(waiting);
    baselines.complete = true;
    for (const [change, count] of Object.entries(changes)) this.#metrics.changes.inc({ change }, count);
    if (forgot) await this.#giveBack(changes.returned);
    else await this.#readFrozen();
  }

  /** Reads again and again, what was learned only once it has been read. Resolves when told to end. */
  async follow(waiting: () => ReadonlySet<string> | undefined): Promise<void> {
    const { clock, signal } = this.#deps;
    await this.#tell(this.#readAccepted());
    for (let look = 1; ; look++) {
      await sleep(clock, LOOK_MS, signal);
      if (signal.aborted) return;
      await this.#tell(this.#look(look % LOOKS_PER_REFRESH === 0, waiting()));
    }
  }

  async #look(all: boolean, waiting: ReadonlySet<string> | undefined): Promise<void> {
    const { baselines } = this.#knowledge;
    const isOther = this.#mirror.isOther(await this.#mirror.identity());
    if (baselines.complete && (all || isOther)) await this.readLearned(waiting);
    else if (baselines.complete) await this.#readFrozen();
    await this.#readAccepted();
  }

  async #readFrozen(): Promise<void> {
    const frozen = await this.#knowledge.store.isFrozen();
    // A store that forgets meanwhile has thawed nothing.
    if (this.#mirror.isOther(await this.#mirror.identity())) return;
    this.#frozen = frozen;
  }

  async #readAccepted(): Promise<void> {
    const { acceptances, desk } = this.#knowledge;
    const accepted = await desk.read();
    // A store that forgets meanwhile has taken nothing back.
    if (this.#mirror.isOther(await this.#mirror.identity())) return;
    const news = accepted.unreadable.filter((id) => !this.#accepted.unreadable.includes(id));
    if (news.length > 0)
      this.#deps.log.error(
        { incidents: news },
        'what was accepted cannot be read; these incidents count as not accepted',
      );
    this.#accepted = accepted;
    acceptances.replace(accepted.acceptances);
    this.#metrics.accepted.set(accepted.acceptances.length);
  }

  async #giveBack(sessions: number): Promise<void> {
    const { store, desk } = this.#knowledge;
    if (this.#frozen) await store.freeze(true);
    const { acceptances } = this.#accepted;
    for (const acceptance of acceptances) await desk.restore(acceptance, this.#deps.clock.now());
    this.#deps.log.warn(
      { store: store.name, sessions, accepted: acceptances.length, frozen: this.#frozen },
      'the store had forgotten everything; what is known here was given back, what waited for a person and the audit journal were not',
    );
  }

  /** Tells once when looks begin to fail, and once when they no longer do. */
  async #tell(look: Promise<void>): Promise<void> {
    const { log } = this.#deps;
    const reason = await look.then(() => undefined, errorMessage);
    if (reason !== undefined) this.#metrics.failures.inc();
    if (reason !== undefined && !this.#failing)
      log.warn({ reason }, 'what people accepted and others learned cannot be read; what was known goes on');
    if (reason === undefined && this.#failing) log.info('what people accepted and others learned can be read again');
    this.#failing = reason !== undefined;
  }
}
