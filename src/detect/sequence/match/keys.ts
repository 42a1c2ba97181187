import type { Join, Step } from '../definition.ts';
import type { Observation } from '../observation.ts';
import { selectedValues, selects } from '../selection.ts';

/** Keys that one observation can have for one step: a bound for what many files times many hosts would make. */
const MAX_KEYS_OF_ONE = 256;

/** The one key of a rule that joins nothing, and of a step that a join leaves out. */
export const NO_KEY = '';

/**
 * The keys under which an observation is a step: one for each combination of the joined values; none when it is not
 * this step. A step that lacks the joined fact altogether cannot be told to belong to any other, so it has no key.
 */
export const keysOf = (step: Step, joins: readonly Join[], seen: Observation): ReadonlySet<string> => {
  if (!selects(step.selection, seen)) return NONE;
  let combinations: readonly (readonly unknown[])[] = [[]];
  for (const { of } of joins) {
    const source = of.get(step.name);
    if (!source) return ONE;
    const values = [...selectedValues(step.selection, source.fact, source.list, seen)];
    combinations = combinations
      .flatMap((before) => values.map((value) => [...before, value]))
      .slice(0, MAX_KEYS_OF_ONE);
  }
  return joins.length === 0 ? ONE : new Set(combinations.map((values) => JSON.stringify(values)));
};

const NONE: ReadonlySet<string> = new Set();
const ONE: ReadonlySet<string> = new Set([NO_KEY]);
