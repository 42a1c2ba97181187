import type { Baseline } from './baseline.ts';
import { type SessionProfile, without } from './profile.ts';

/**
 * The profile with at most `most` elements that its baseline has never seen: one session must not be able to fill a
 * baseline. The first session of a scope is all new, and is taken whole.
 */
export const capNew = (profile: SessionProfile, baseline: Baseline, most: number): SessionProfile => {
  if (baseline.sessions === 0) return profile;
  const fresh = profile.names.filter((name) => baseline.sessionsWith(name) === 0);
  if (fresh.length <= most) return profile;
  const dropped = new Set(fresh.slice(most));
  return without(profile, (name) => dropped.has(name));
};
