import type { SequenceRule, Temporal } from '../definition.ts';
import type { Observation, Sighting } from '../observation.ts';
import { keysOf } from './keys.ts';
import { type Match, type RuleState, remember } from './match.ts';
import { Unless } from './unless.ts';

/** Steps in any order: the latest observation of each is kept, by key. */
export class UnorderedState implements RuleState {
  readonly #rule: SequenceRule;
  readonly #correlation: Temporal;
  readonly #open = new Map<string, Map<number, Sighting>>();
  readonly #unless: Unless;

  constructor(rule: SequenceRule, correlation: Temporal) {
    this.#rule = rule;
    this.#correlation = correlation;
    this.#unless = new Unless(correlation);
  }

  add(seen: Observation): Match | undefined {
    const { steps, joins } = this.#correlation;
    this.#unless.note(seen);
    const touched = new Set<string>();
    for (const [index, step] of steps.entries())
      for (const key of keysOf(step, joins, seen)) {
        if (this.#unless.holds(key, seen.sighting)) continue;
        const latest = this.#open.get(key) ?? new Map<number, Sighting>();
        remember(this.#open, key, latest.set(index, seen.sighting));
        touched.add(key);
      }
    for (const key of touched) {
      const latest = this.#open.get(key);
      const current = [...(latest?.values() ?? [])].filter((one) => this.#isCurrent(one, seen.sighting));
      if (current.length < steps.length) continue;
      this.#open.delete(key);
      return { rule: this.#rule, seen: [...new Set(current)].sort((a, b) => a.place - b.place) };
    }
    return undefined;
  }

  #isCurrent(one: Sighting, now: Sighting): boolean {
    const { timespan, within } = this.#correlation;
    return one.start >= now.end - timespan && (within === undefined || now.place - one.place < within);
  }
}
