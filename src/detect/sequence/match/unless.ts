import type { Correlation } from '../definition.ts';
import type { Observation, Sighting } from '../observation.ts';
import { keysOf, NO_KEY } from './keys.ts';
import { remember } from './match.ts';

/** Remembers when that was last seen which keeps a rule quiet. */
export class Unless {
  readonly #correlation: Correlation;
  readonly #seen = new Map<string, bigint>();

  constructor(correlation: Correlation) {
    this.#correlation = correlation;
  }

  /** Takes note; what is seen now counts as seen before. */
  note(seen: Observation): void {
    for (const step of this.#correlation.unless)
      for (const key of keysOf(step, this.#correlation.joins, seen)) remember(this.#seen, key, seen.sighting.end);
  }

  holds(key: string, now: Sighting): boolean {
    const horizon = now.start - this.#correlation.timespan;
    return [key, NO_KEY].some((one) => (this.#seen.get(one) ?? -1n) >= horizon);
  }
}
