import type { Count, SequenceRule } from '../definition.ts';
import type { Observation, Sighting } from '../observation.ts';
import { selectedValues } from '../selection.ts';
import { keysOf } from './keys.ts';
import { type Match, type RuleState, remember } from './match.ts';
import { Unless } from './unless.ts';

/** Counts observations, or distinct values in them, by key. No more is kept than the count that is waited for. */
export class CountState implements RuleState {
  readonly #rule: SequenceRule;
  readonly #correlation: Count;
  readonly #open = new Map<string, Map<unknown, Sighting>>();
  readonly #unless: Unless;

  constructor(rule: SequenceRule, correlation: Count) {
    this.#rule = rule;
    this.#correlation = correlation;
    this.#unless = new Unless(correlation);
  }

  add(seen: Observation): Match | undefined {
    const { steps, joins, atLeast, timespan } = this.#correlation;
    this.#unless.note(seen);
    let match: Match | undefined;
    for (const step of steps)
      for (const key of keysOf(step, joins, seen)) {
        if (this.#unless.holds(key, seen.sighting)) continue;
        const counted = this.#open.get(key) ?? new Map<unknown, Sighting>();
        for (const what of this.#counted(step, seen)) {
          counted.delete(what);
          counted.set(what, seen.sighting);
        }
        for (const [what, one] of counted) if (one.start < seen.sighting.end - timespan) counted.delete(what);
        if (counted.size >= atLeast) {
          this.#open.delete(key);
          match ??= { rule: this.#rule, seen: [...new Set(counted.values())] };
        } else remember(this.#open, key, counted);
      }
    return match;
  }

  /** What tells one thing that is counted from the next. */
  #counted(step: Count['steps'][number], seen: Observation): Iterable<unknown> {
    const { field } = this.#correlation;
    return field ? selectedValues(step.selection, field.fact, field.list, seen) : [seen.sighting.place];
  }
}
