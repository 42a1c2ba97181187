import { type MonoTypeOperatorFunction, Observable, type Subscriber } from 'rxjs';
import { nextTurn, type Turn } from '../platform/turn.ts';
import { type Held, RankedQueue } from './ranked-queue.ts';

/** A run of items that were shed. First and last are by arrival; items between them may have been kept. */
export interface Shed<T> {
  readonly first: T;
  readonly last: T;
  readonly count: number;
}

/** What became of the items, exact at every moment: `received = passed + the sum of shed + held`. */
export interface Accounts {
  received: number;
  passed: number;
  /** By class. */
  readonly shed: number[];
  held: number;
}

export const emptyAccounts = (classes: number): Accounts => ({
  received: 0,
  passed: 0,
  shed: new Array<number>(classes).fill(0),
  held: 0,
});

export interface BoundedOptions<T> {
  /** The most items held at once. */
  readonly capacity: number;
  /** How many classes there are. */
  readonly classes: number;
  /** The class of an item, from 0, the least valuable. Asked for only when the queue fills. Must not throw. */
  readonly classOf: (item: T) => number;
  /** The item that tells downstream what is missing. It is passed on beyond the accounts. Must not throw. */
  readonly marker: (shed: Shed<T>) => T;
  /** Kept up to date by the operator; read it for metrics. One for each subscription. */
  readonly accounts?: Accounts;
  /** An episode of overflow has begun, or is over with so many shed in it: the queue is half empty again. */
  readonly onOverflow?: (phase: 'begin' | 'end', shed: number) => void;
  /** Items passed on in one turn of the event loop. */
  readonly slice?: number;
  readonly turn?: Turn;
}

/**
 * A bounded queue between a source that pushes and a pipe that takes its time. Items are passed on in slices on later turns
 * of the event loop, so that the source's input goes on between them, and in the order of their arrival. When the queue is
 * full, the oldest item of the least class is shed (this may be the newcomer), and a marker takes the place of the first
 * that was shed: one marker for all that is shed until the pipe reaches it. When the source ends or fails, what is held is
 * passed on first.
 */
export const bounded =
  <T>(options: BoundedOptions<T>): MonoTypeOperatorFunction<T> =>
  (source) =>
    new Observable((subscriber) => {
      const buffer = new Buffered(options, subscriber);
      subscriber.add(() => buffer.cancel());
      subscriber.add(
        source.subscribe({
          next: (item) => buffer.push(item),
          error: (error) => buffer.end(() => subscriber.error(error)),
          complete: () => buffer.end(() => subscriber.complete()),
        }),
      );
    });

interface Missing<T> {
  first: Held<T>;
  last: Held<T>;
  count: number;
}

class Buffered<T> {
  readonly #options: BoundedOptions<T>;
  readonly #out: Subscriber<T>;
  readonly #accounts: Accounts;
  readonly #queue: RankedQueue<T>;
  readonly #slice: number;
  readonly #turn: Turn;
  #missing: Missing<T> | undefined;
  #episode: number | undefined;
  #cancelTurn: (() => void) | undefined;
  #onEnd: (() => void) | undefined;

  constructor(options: BoundedOptions<T>, out: Subscriber<T>) {
    this.#options = options;
    this.#out = out;
    this.#accounts = options.accounts ?? emptyAccounts(options.classes);
    this.#queue = new RankedQueue(options.classes, options.classOf);
    this.#slice = options.slice ?? 64;
    this.#turn = options.turn ?? nextTurn;
  }

  push(item: T): void {
    this.#accounts.received++;
    this.#queue.push(item);
    // Two for each newcomer from half full on: when there is something to shed, little is left to sort.
    if (this.#queue.length > this.#options.capacity / 2) this.#queue.sort(2);
    if (this.#queue.length > this.#options.capacity) this.#shed();
    this.#accounts.held = this.#queue.length;
    this.#schedule();
  }

  /** Runs `onEnd` once all that is held has been passed on. */
  end(onEnd: () => void): void {
    this.#onEnd = onEnd;
    this.#schedule();
  }

  cancel(): void {
    this.#cancelTurn?.();
    this.#cancelTurn = undefined;
  }

  #schedule(): void {
    this.#cancelTurn ??= this.#turn(() => {
      this.#cancelTurn = undefined;
      this.#drain();
    });
  }

  #shed(): void {
    const shed = this.#queue.shed();
    if (!shed) return;
    this.#accounts.shed[shed.rank] = (this.#accounts.shed[shed.rank] ?? 0) + 1;
    this.#missing ??= { first: shed, last: shed, count: 0 };
    this.#missing.count++;
    if (shed.order < this.#missing.first.order) this.#missing.first = shed;
    if (shed.order > this.#missing.last.order) this.#missing.last = shed;
    if (this.#episode === undefined) this.#options.onOverflow?.('begin', 0);
    this.#episode = (this.#episode ?? 0) + 1;
  }

  #drain(): void {
    for (let taken = 0; taken < this.#slice && !this.#out.closed; taken++) {
      this.#mark(this.#queue.firstOrder());
      if (this.#queue.length === 0) break;
      const item = this.#queue.shift() as T;
      this.#accounts.passed++;
      this.#accounts.held = this.#queue.length;
      this.#out.next(item);
    }
    this.#settle();
    if (this.#out.closed) return;
    if (this.#queue.length > 0 || this.#missing) this.#schedule();
    else this.#onEnd?.();
  }

  /** Tells what is missing before the item of this place; at the end of the queue, whatever is missing. */
  #mark(before: number | undefined): void {
    const missing = this.#missing;
    if (!missing || (before !== undefined && before < missing.first.order)) return;
    this.#missing = undefined;
    this.#out.next(this.#options.marker({ first: missing.first.item, last: missing.last.item, count: missing.count }));
  }

  #settle(): void {
    if (this.#episode === undefined || this.#queue.length > this.#options.capacity / 2) return;
    const shed = this.#episode;
    this.#episode = undefined;
    this.#options.onOverflow?.('end', shed);
  }
}
