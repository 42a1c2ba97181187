import type { SequenceRule } from '../definition.ts';
import type { Observation, Sighting } from '../observation.ts';

/** What a rule matched: the observations that count, in order. */
export interface Match {
  readonly rule: SequenceRule;
  readonly seen: readonly Sighting[];
}

/** One rule's memory of one session. */
export interface RuleState {
  /** Takes in what was seen; returns the match that it completes, if any. */
  add(seen: Observation): Match | undefined;
}

/** Keys that a rule keeps open at once in one session: the longest untouched give way. */
export const MAX_KEYS = 64;

/** Puts a key last in the order of forgetting, and forgets the first beyond the limit. */
export const remember = <T>(map: Map<string, T>, key: string, value: T): void => {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_KEYS && oldest !== undefined) map.delete(oldest);
};
