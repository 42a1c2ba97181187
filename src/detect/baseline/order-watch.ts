import { turnName } from '../acceptance/names.ts';
import { BEGIN, type OrderModel } from './order-model.ts';

/** Bits by which an action may be out of its place without anybody minding. */
const DRIFT = 0.5;
/** Symbols of history that are kept: as many as the model looks at. */
const HISTORY = 3;
/** Most that one action can add, in bits: a single odd turn is no pattern. */
const MOST = 6;
/** Turns remembered for a person to accept. */
const MAX_TURNS = 32;

/**
 * Watches the order of what is known: how much rarer each action is here than it is at all, summed as long as it goes on
 * (a CUSUM). What is new is left to novelty; a scope whose sessions come in every order says nothing.
 */
export class OrderWatch {
  readonly #model: OrderModel;
  readonly #isKnown: (symbol: string) => boolean;
  readonly #isAccepted: (name: string) => boolean;
  #history: readonly string[] = [];
  #sum = 0;
  #turns: readonly string[] = [];

  constructor(
    model: OrderModel,
    isKnown: (symbol: string) => boolean,
    isAccepted: (name: string) => boolean = () => false,
  ) {
    this.#model = model;
    this.#isKnown = isKnown;
    this.#isAccepted = isAccepted;
  }

  /** The turns that the sum is made of, by name. */
  get turns(): readonly string[] {
    return this.#turns;
  }

  /** Takes the next action's symbol; returns the sum so far and what this one added, in bits. */
  add(symbol: string): { readonly sum: number; readonly excess: number } {
    const before = this.#history;
    this.#history = [...before, symbol].slice(-HISTORY);
    const turn = turnName(before.at(-1) ?? BEGIN, symbol);
    if (!this.#isKnown(symbol) || this.#isAccepted(turn)) return { sum: this.#sum, excess: 0 };
    const excess = Math.min(MOST, Math.log2(this.#model.anywhere(symbol) / this.#model.chance(before, symbol)));
    this.#sum = Math.max(0, this.#sum + excess - DRIFT);
    this.#turns = this.#sum === 0 ? [] : [...this.#turns, turn].slice(-MAX_TURNS);
    return { sum: this.#sum, excess };
  }
}
