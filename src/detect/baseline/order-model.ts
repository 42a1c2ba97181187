/** The beginning of a session, as a symbol. */
export const BEGIN = '^';

/** Symbols of context that are looked at, at most. */
const ORDER = 3;

/** A symbol that was never seen is one among so many. */
const VOCABULARY = 1_000;

interface Followers {
  total: number;
  readonly counts: Map<string, number>;
}

/**
 * Which symbol follows which: counts of every context up to three symbols long, interpolated after Witten and Bell, so
 * that a context speaks as loudly as it has been seen and as it is regular. Counts add up and can be taken out again.
 */
export class OrderModel {
  readonly #contexts = new Map<string, Followers>();

  add(symbols: readonly string[], sign: 1 | -1): void {
    symbols.forEach((symbol, at) => {
      for (const context of contextsOf(symbols, at)) this.#count(context, symbol, sign);
    });
  }

  /** Chance that `next` comes after `history`, the latest symbol last. An empty history asks how common it is at all. */
  chance(history: readonly string[], next: string): number {
    let chance = 1 / VOCABULARY;
    for (const context of contextsOf(history, history.length)) {
      const followers = this.#contexts.get(context);
      if (!followers) break;
      const distinct = followers.counts.size;
      chance = ((followers.counts.get(next) ?? 0) + distinct * chance) / (followers.total + distinct);
    }
    return chance;
  }

  /** Chance of a symbol wherever it stands. */
  anywhere(next: string): number {
    const followers = this.#contexts.get('');
    if (!followers) return 1 / VOCABULARY;
    const distinct = followers.counts.size;
    return ((followers.counts.get(next) ?? 0) + distinct / VOCABULARY) / (followers.total + distinct);
  }

  /** What came after `previous` most often, with how often, and out of how many. */
  after(previous: string = BEGIN): {
    readonly total: number;
    readonly symbols: readonly (readonly [string, number])[];
  } {
    const followers = this.#contexts.get(JSON.stringify([previous]));
    if (!followers) return { total: 0, symbols: [] };
    const symbols = [...followers.counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 3);
    return { total: followers.total, symbols };
  }

  #count(context: string, symbol: string, sign: 1 | -1): void {
    let followers = this.#contexts.get(context);
    if (!followers) {
      followers = { total: 0, counts: new Map() };
      this.#contexts.set(context, followers);
    }
    followers.total += sign;
    const count = (followers.counts.get(symbol) ?? 0) + sign;
    if (count > 0) followers.counts.set(symbol, count);
    else followers.counts.delete(symbol);
    if (followers.total <= 0) this.#contexts.delete(context);
  }
}

/** The contexts of the symbol at `at`, the shortest first. */
const contextsOf = (symbols: readonly string[], at: number): readonly string[] => {
  const contexts = [''];
  for (let length = 1; length <= ORDER && length <= at + 1; length++) {
    const from = at - length;
    contexts.push(JSON.stringify(from < 0 ? [BEGIN, ...symbols.slice(0, at)] : symbols.slice(from, at)));
  }
  return contexts;
};
