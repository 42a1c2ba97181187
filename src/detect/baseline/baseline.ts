import { ARROW, type SessionProfile } from './profile.ts';

/** What is normal in one scope: the sum of its sessions' profiles. */
export class Baseline {
  readonly #profiles = new Map<string, SessionProfile>();
  readonly #sessionsWith = new Map<string, number>();
  readonly #transitions = new Map<string, number>();
  readonly #followers = new Map<string, { total: number; distinct: number }>();

  /** Sessions that were learned. */
  get sessions(): number {
    return this.#profiles.size;
  }

  get profiles(): readonly SessionProfile[] {
    return [...this.#profiles.values()];
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

  /** The session that ended first, the next to be forgotten. */
  oldest(): SessionProfile | undefined {
    let oldest: SessionProfile | undefined;
    for (const profile of this.#profiles.values())
      if (!oldest || BigInt(profile.ended) < BigInt(oldest.ended)) oldest = profile;
    return oldest;
  }

  /** In how many sessions an element occurred. */
  sessionsWith(element: string): number {
    return this.#sessionsWith.get(element) ?? 0;
  }

  /** Elements with the number of sessions that had them, the most frequent first. */
  elements(): readonly (readonly [name: string, sessions: number])[] {
    return [...this.#sessionsWith].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  }

  /**
   * How surprising it is, in bits, that `next` follows `previous`: Witten–Bell smoothing of the transition towards how
   * often the symbol occurs at all, and of that towards one among a thousand.
   */
  surprise(previous: string, next: string): number {
    const symbol = this.sessionsWith(`symbol ${next}`);
    const anywhere = (symbol + 1 / 1_000) / (this.sessions + 1);
    const { total, distinct } = this.#followers.get(previous) ?? { total: 0, distinct: 0 };
    const count = this.#transitions.get(`${previous}${ARROW}${next}`) ?? 0;
    const probability = (count + distinct * anywhere) / (total + distinct);
    return -Math.log2(total === 0 ? anywhere : probability);
  }

  /** What followed `previous` most often, with its share. */
  expectedAfter(previous: string): readonly (readonly [symbol: string, share: number])[] {
    const prefix = `${previous}${ARROW}`;
    const total = this.#followers.get(previous)?.total ?? 0;
    const found: [string, number][] = [];
    for (const [name, count] of this.#transitions)
      if (name.startsWith(prefix)) found.push([name.slice(prefix.length), count / total]);
    return found.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 3);
  }

  #count(profile: SessionProfile, sign: 1 | -1): void {
    for (const name of Object.keys(profile.elements)) change(this.#sessionsWith, name, sign);
    for (const [name, count] of Object.entries(profile.transitions)) {
      const previous = name.slice(0, name.indexOf(ARROW));
      const before = this.#transitions.get(name) ?? 0;
      change(this.#transitions, name, sign * count);
      const after = this.#transitions.get(name) ?? 0;
      const follower = this.#followers.get(previous) ?? { total: 0, distinct: 0 };
      follower.total += sign * count;
      follower.distinct += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
      this.#followers.set(previous, follower);
    }
  }
}

const change = (into: Map<string, number>, name: string, by: number): void => {
  const value = (into.get(name) ?? 0) + by;
  if (value > 0) into.set(name, value);
  else into.delete(name);
};
