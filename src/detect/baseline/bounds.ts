import type { Baseline } from './baseline.ts';
import type { SessionProfile } from './profile.ts';

export interface Bounds {
  readonly maxSessions: number;
  readonly maxBytes: number;
  readonly forgetAfterDays: number;
}

const DAY = 86_400_000_000_000n;

/** What has to go from a baseline so that it stays within its bounds: first what is too old, then what is worth least. */
export const toForget = (baseline: Baseline, bounds: Bounds): readonly SessionProfile[] => {
  const profiles = baseline.profiles.toSorted(byAge);
  const latest = profiles.at(-1);
  if (!latest) return [];
  const horizon = BigInt(latest.ended) - BigInt(bounds.forgetAfterDays) * DAY;
  const forgotten = profiles.filter(({ ended }) => BigInt(ended) < horizon);
  let kept = profiles.slice(forgotten.length);
  let bytes = kept.reduce((sum, profile) => sum + sizeOf(profile), 0);
  while (kept.length > 1 && (kept.length > bounds.maxSessions || bytes > bounds.maxBytes)) {
    const victim = leastValuable(kept, baseline);
    kept = kept.filter((profile) => profile !== victim);
    bytes -= sizeOf(victim);
    forgotten.push(victim);
  }
  return forgotten;
};

/** The session whose loss is felt least: all that it had others have too; of several the oldest. */
const leastValuable = (kept: readonly SessionProfile[], baseline: Baseline): SessionProfile => {
  let least = kept[0] as SessionProfile;
  let worth = Number.POSITIVE_INFINITY;
  // The latest stays, whatever it is worth.
  for (const profile of kept.slice(0, -1)) {
    const sole = profile.names.filter((name) => baseline.sessionsWith(name) === 1).length;
    if (sole < worth) [least, worth] = [profile, sole];
  }
  return least;
};

/** Characters of a profile in its encoding, nearly. */
const sizeOf = ({ names, shapes, path }: SessionProfile): number =>
  200 +
  names.reduce((sum, name) => sum + name.length + 3, 0) +
  shapes.reduce((sum, shape) => sum + 4 * shape.length + 2, 0) +
  4 * path.length;

const byAge = (a: SessionProfile, b: SessionProfile): number => {
  const [x, y] = [BigInt(a.ended), BigInt(b.ended)];
  return x < y ? -1 : x > y ? 1 : a.session < b.session ? -1 : 1;
};
