import { OrderModel } from './order-model.ts';
import { type SessionProfile, symbolsOf } from './profile.ts';
import { KINDS, type NoveltyKind, weigh } from './weigh.ts';

/** How often something was seen, in distinct sessions. */
interface Seen {
  sessions: number;
  vouched: number;
}

/** What is normal in one scope: the sum of its sessions' profiles. */
export class Baseline {
  readonly #profiles = new Map<string, SessionProfile>();
  readonly #seen = new Map<string, Seen>();
  readonly order = new OrderModel();

  /** Sessions that were learned. */
  get sessions(): number {
    return this.#profiles.size;
  }

  get profiles(): readonly SessionProfile[] {
    return [...this.#profiles.values()];
  }

  has(session: string): boolean {
    return this.#profiles.has(session);
  }

  /** Adds a session once; false when it was in already. */
  add(profile: SessionProfile): boolean {
    if (this.#profiles.has(profile.session)) return false;
    this.#profiles.set(profile.session, profile);
    this.#count(profile, 1);
    return true;
  }

  remove(session: string): boolean {
    const profile = this.#profiles.get(session);
    if (!profile) return false;
    this.#profiles.delete(session);
    this.#count(profile, -1);
    return true;
  }

  /** In how many sessions an element occurred. */
  sessionsWith(element: string): number {
    return this.#seen.get(element)?.sessions ?? 0;
  }

  /** In how many of the sessions that a person vouched for. */
  vouchedWith(element: string): number {
    return this.#seen.get(element)?.vouched ?? 0;
  }

  /** Elements with the number of sessions that had them, the most frequent first. */
  elements(): readonly (readonly [name: string, sessions: number])[] {
    return [...this.#seen]
      .map(([name, { sessions }]) => [name, sessions] as const)
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  }

  /** Sessions that showed something, of each kind, that no other session has. */
  novelSessions(): Readonly<Record<NoveltyKind, number>> {
    const sessions = new Map<NoveltyKind, Set<string>>(KINDS.map((kind) => [kind, new Set()]));
    for (const profile of this.#profiles.values())
      for (const name of profile.names)
        if (this.sessionsWith(name) === 1) sessions.get(weigh(name).kind)?.add(profile.session);
    return Object.fromEntries([...sessions].map(([kind, { size }]) => [kind, size])) as Record<NoveltyKind, number>;
  }

  #count(profile: SessionProfile, sign: 1 | -1): void {
    for (const name of profile.names) {
      const seen = this.#seen.get(name) ?? { sessions: 0, vouched: 0 };
      seen.sessions += sign;
      if (profile.vouched) seen.vouched += sign;
      if (seen.sessions > 0) this.#seen.set(name, seen);
      else this.#seen.delete(name);
    }
    this.order.add(symbolsOf(profile), sign);
  }
}
