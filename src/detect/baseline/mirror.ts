import type { Baselines } from './baselines.ts';
import type { ProfileStore } from './store.ts';

/** What a refresh changed, in sessions. */
export interface Refreshed {
  readonly added: number;
  readonly removed: number;
  /** Given back to a store that had forgotten them. */
  readonly returned: number;
}

/**
 * Keeps the baselines in memory as the store has them: what other services learn, and what a person approves or takes back,
 * counts here as well. A store that has forgotten everything, as a Redis does that keeps nothing on its disk, is told apart
 * from one that was emptied, and given back what is known here.
 */
export class Mirror {
  readonly #baselines: Baselines;
  readonly #store: ProfileStore;
  #identity: string | undefined;

  constructor(baselines: Baselines, store: ProfileStore) {
    this.#baselines = baselines;
    this.#store = store;
  }

  /** `waiting` are sessions on their way to the store. Rejects when it does not answer; the next refresh makes good for it. */
  async refresh(waiting: ReadonlySet<string> = new Set()): Promise<Refreshed> {
    const before = await this.#store.identity();
    const held = new Map(
      this.#baselines.all().flatMap(({ profiles }) => profiles.map((profile) => [profile.session, profile] as const)),
    );
    const kept = await this.#store.sessions();
    const fresh = await this.#store.load('learned', (session) => held.has(session));
    const identity = await this.#store.identity();
    const missing = [...held.values()].filter(({ session }) => !kept.has(session) && !waiting.has(session));
    const forgot = this.#identity !== undefined && identity !== this.#identity;
    // Forgotten between two of these looks: the next one will tell.
    const removed = forgot || before !== identity ? [] : missing;
    const returned = forgot ? missing : [];
    for (const profile of removed) this.#baselines.remove(profile);
    for (const profile of returned) await this.#store.add(profile);
    const forgotten = fresh.flatMap((profile) => this.#baselines.add(profile) ?? []);
    if (forgotten.length > 0) await this.#store.remove(forgotten);
    this.#identity = identity;
    return { added: fresh.length, removed: removed.length, returned: returned.length };
  }
}
