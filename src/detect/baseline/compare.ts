import { Baseline } from './baseline.ts';
import { byScope, scopeName } from './exchange.ts';
import type { SessionProfile } from './profile.ts';

/** What is normal in one scope by one baseline and not by the other. */
export interface ScopeDifference {
  readonly scope: string;
  readonly before: number;
  readonly after: number;
  /** Would newly be normal. */
  readonly gained: readonly string[];
  /** Would no longer be. */
  readonly lost: readonly string[];
}

/** What would change if `after` stood in the place of `before`; scopes without a change are left out. */
export const compareProfiles = (
  before: readonly SessionProfile[],
  after: readonly SessionProfile[],
  knownAfter: number,
): readonly ScopeDifference[] => {
  const [old, fresh] = [new Map(byScope(before)), new Map(byScope(after))];
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((key) => {
    const [a, b] = [old.get(key) ?? [], fresh.get(key) ?? []];
    const [knownBefore, knownThen] = [knownOf(a, knownAfter), knownOf(b, knownAfter)];
    const gained = [...knownThen].filter((name) => !knownBefore.has(name)).sort();
    const lost = [...knownBefore].filter((name) => !knownThen.has(name)).sort();
    const [first] = [...a, ...b];
    if (!first || (gained.length === 0 && lost.length === 0 && a.length === b.length)) return [];
    return [{ scope: scopeName(first), before: a.length, after: b.length, gained, lost }];
  });
};

const knownOf = (profiles: readonly SessionProfile[], knownAfter: number): ReadonlySet<string> => {
  const baseline = new Baseline();
  for (const profile of profiles) baseline.add(profile);
  return new Set(
    baseline
      .elements()
      .filter(([, sessions]) => sessions >= knownAfter)
      .map(([name]) => name),
  );
};
