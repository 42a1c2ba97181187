import type { SequenceRule, Temporal } from '../definition.ts';
import type { Observation, Sighting } from '../observation.ts';
import { keysOf, NO_KEY } from './keys.ts';
import { type Match, type RuleState, remember } from './match.ts';
import { Unless } from './unless.ts';

/** A sequence whose first steps have been seen. */
interface Partial {
  /** The step that is waited for. */
  readonly next: number;
  readonly seen: readonly Sighting[];
}

/** Steps in their order; one action may be several steps at once. Keeps at most one partial match for each step and key. */
export class OrderedState implements RuleState {
  readonly #rule: SequenceRule;
  readonly #correlation: Temporal;
  readonly #open = new Map<string, readonly Partial[]>();
  readonly #unless: Unless;

  constructor(rule: SequenceRule, correlation: Temporal) {
    this.#rule = rule;
    this.#correlation = correlation;
    this.#unless = new Unless(correlation);
  }

  add(seen: Observation): Match | undefined {
    const { steps, joins } = this.#correlation;
    this.#unless.note(seen);
    const keys = steps.map((step) => keysOf(step, joins, seen));
    let complete: Partial | undefined;
    const told = new Set(keys.flatMap((one) => [...one]));
    // A step that no join is about belongs to every key; the keyless come last, so that each key can go on from them.
    if (told.has(NO_KEY)) for (const key of this.#open.keys()) told.add(key);
    for (const key of [...told].sort().reverse()) {
      if (this.#unless.holds(key, seen.sighting)) continue;
      const is = (step: number) => (keys[step]?.has(key) || keys[step]?.has(NO_KEY)) ?? false;
      complete ??= this.#advance(key, is, seen.sighting);
    }
    return complete && { rule: this.#rule, seen: complete.seen };
  }

  #advance(key: string, is: (step: number) => boolean, seen: Sighting): Partial | undefined {
    const last = this.#correlation.steps.length;
    const kept: Partial[] = [];
    let complete: Partial | undefined;
    const keyless = key === NO_KEY ? [] : (this.#open.get(NO_KEY) ?? []);
    for (const partial of [...keyless, ...(this.#open.get(key) ?? []), FRESH]) {
      if (!this.#isCurrent(partial, seen)) continue;
      let next = partial.next;
      while (next < last && is(next)) next++;
      const advanced = next > partial.next && { next, seen: [...partial.seen, seen] };
      // What is complete is told once; what has only come further may come this way again.
      if (advanced && next === last) complete ??= advanced;
      else if (partial !== FRESH) kept.push(partial);
      if (advanced && next < last) kept.push(advanced);
    }
    // Of partial matches that wait for the same step the latest is enough.
    const distinct = [...new Map(kept.map((partial) => [partial.next, partial])).values()];
    if (distinct.length > 0) remember(this.#open, key, distinct);
    else this.#open.delete(key);
    return complete;
  }

  #isCurrent({ seen: [first] }: Partial, now: Sighting): boolean {
    if (!first) return true;
    const { timespan, within } = this.#correlation;
    return first.start >= now.end - timespan && (within === undefined || now.place - first.place < within);
  }
}

const FRESH: Partial = { next: 0, seen: [] };
