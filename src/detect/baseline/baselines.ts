import type { Session } from '../../model/session.ts';
import { Baseline } from './baseline.ts';
import { type SessionProfile, scopeKey } from './profile.ts';

/** The baselines of all scopes, in memory: what verdicts are made with, whatever the store does meanwhile. */
export class Baselines {
  readonly #maxSessions: number;
  readonly #byScope = new Map<string, Baseline>();

  constructor(maxSessions: number) {
    this.#maxSessions = maxSessions;
  }

  /** The baseline that a session is held against; an empty one where nothing was learned. */
  of(session: Session): Baseline {
    return this.#byScope.get(scopeKey(session.scope, session.agent)) ?? new Baseline();
  }

  all(): readonly Baseline[] {
    return [...this.#byScope.values()];
  }

  /** Adds a session's profile; returns what had to be forgotten for it, or undefined when it was known already. */
  add(profile: SessionProfile): readonly SessionProfile[] | undefined {
    const key = scopeKey(profile.scope, profile.agent);
    let baseline = this.#byScope.get(key);
    if (!baseline) {
      baseline = new Baseline();
      this.#byScope.set(key, baseline);
    }
    if (!baseline.add(profile)) return undefined;
    const forgotten: SessionProfile[] = [];
    while (baseline.sessions > this.#maxSessions) {
      const oldest = baseline.oldest();
      if (!oldest) break;
      baseline.remove(oldest.session);
      forgotten.push(oldest);
    }
    return forgotten;
  }
}
