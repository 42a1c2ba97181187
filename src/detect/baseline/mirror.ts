import type { Baselines } from './baselines.ts';
import type { ProfileStore } from './store.ts';

/** What a refresh changed, in sessions. */
export interface Refreshed {
  readonly added: number;
  readonly removed: number;
  /** Given back to a store that had forgotten them. */
  readonly returned: number;
  /** The store had forgotten everything: not these sessions alone. */
  readonly forgot: boolean;
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
  /** Sessions that the store had when it was last read: only these can have been taken back. */
  #kept: ReadonlySet<string> = new Set();
  /** Sessions that the store has and that are beyond the bounds here. */
  #beyond: ReadonlySet<string> = new Set();

  constructor(baselines: Baselines, store: ProfileStore) {
    this.#baselines = baselines;
    this.#store = store;
  }

  /** The store's identity; undefined where it has none and cannot be given one, for want of the right to write. */
  identity(): Promise<string | undefined> {
    return this.#store.identity().catch(() => undefined);
  }

  /** True when the store is no longer the one that was read: it has forgotten what it was given. */
  isOther(identity: string | undefined): boolean {
    return this.#identity !== undefined && identity !== undefined && identity !== this.#identity;
  }

  /** `waiting` are sessions on their way to the store. Rejects when it does not answer; the next refresh makes good for it. */
  async refresh(waiting: ReadonlySet<string> = new Set()): Promise<Refreshed> {
    const before = await this.identity();
    const held = new Map(
      this.#baselines.all().flatMap(({ profiles }) => profiles.map((profile) => [profile.session, profile] as const)),
    );
    const kept = await this.#store.sessions();
    const known = (session: string): boolean => held.has(session) || this.#beyond.has(session);
    const fresh = await this.#store.load('learned', known);
    const identity = await this.identity();
    const forgot = this.isOther(identity);
    const missing = [...held.values()].filter(({ session }) => !kept.has(session) && !waiting.has(session));
    const returned = forgot ? missing : [];
    for (const profile of returned) await this.#store.add(profile);
    // Forgotten between two of these looks, or of no known identity: nothing was taken back, as far as can be told.
    const canTell = !forgot && identity !== undefined && before === identity;
    const removed = canTell ? missing.filter(({ session }) => this.#kept.has(session)) : [];
    for (const profile of removed) this.#baselines.remove(profile);
    const beyond = fresh.flatMap((profile) => this.#baselines.add(profile) ?? []);
    this.#beyond = new Set([...this.#beyond, ...beyond.map(({ session }) => session)].filter((one) => kept.has(one)));
    this.#kept = new Set([...kept, ...returned.map(({ session }) => session)]);
    this.#identity = identity ?? this.#identity;
    return { added: fresh.length, removed: removed.length, returned: returned.length, forgot };
  }
}
