import type { Acceptance, Place } from '../../model/acceptance.ts';
import type { Session } from '../../model/session.ts';
import type { Nanos } from '../../model/time.ts';
import { scopeKey } from '../baseline/profile.ts';

/** Whether a person has accepted a name in the scope of a session. */
export type IsAccepted = (session: Pick<Session, 'scope' | 'agent' | 'start'>, name: string) => boolean;

interface Known {
  readonly names: ReadonlySet<string>;
  readonly expires: Nanos | undefined;
}

/**
 * What people have accepted, in memory: verdicts are made with it, whatever the store does. It holds in exactly the scope
 * that an incident was seen in, for sessions that began before it expires.
 */
export class Acceptances {
  #byScope: ReadonlyMap<string, readonly Known[]> = new Map();

  /** Takes the place of all that was accepted before. */
  replace(acceptances: readonly Acceptance[]): void {
    const byScope = new Map<string, Known[]>();
    for (const { places, expires } of acceptances)
      for (const { scope, agent, names } of places) {
        const key = scopeKey(scope, agent);
        byScope.set(key, [...(byScope.get(key) ?? []), { names: new Set(names), expires }]);
      }
    this.#byScope = byScope;
  }

  readonly covers: IsAccepted = ({ scope, agent, start }, name) =>
    this.#byScope.size > 0 && this.#holds(scopeKey(scope, agent), start, name);

  /** True when all of it has been accepted, at a moment. */
  readonly coversAll = ({ scope, agent, names }: Place, at: Nanos): boolean => {
    const key = scopeKey(scope, agent);
    return names.every((name) => this.#holds(key, at, name));
  };

  #holds(key: string, at: Nanos, name: string): boolean {
    const known = this.#byScope.get(key) ?? [];
    return known.some(({ names, expires }) => names.has(name) && (expires === undefined || at < expires));
  }
}
