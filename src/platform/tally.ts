import { Counter, type Registry } from './metrics.ts';

export interface TallyOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly registers: readonly Registry[];
}

/** One number that goes up. */
export class Tally {
  count = 0;

  inc(): void {
    this.count++;
  }
}

/**
 * A counter for what happens with every event: counting is one addition, and the metric is made of the numbers only when
 * somebody asks for it.
 */
export class TallyCounter {
  readonly #labelNames: readonly string[];
  readonly #tallies = new Map<string, { readonly labels: Record<string, string>; readonly tally: Tally }>();

  constructor({ name, help, labelNames, registers }: TallyOptions) {
    this.#labelNames = labelNames;
    const tallies = this.#tallies;
    new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [...registers],
      collect() {
        this.reset();
        for (const { labels, tally } of tallies.values()) this.inc(labels, tally.count);
      },
    });
  }

  /** The number for these values, in the order of the label names. To be asked for once, not with every event. */
  labels(...values: readonly string[]): Tally {
    const key = JSON.stringify(values);
    const known = this.#tallies.get(key);
    if (known) return known.tally;
    const labels = Object.fromEntries(this.#labelNames.map((name, index) => [name, values[index] ?? '']));
    const tally = new Tally();
    this.#tallies.set(key, { labels, tally });
    return tally;
  }
}
