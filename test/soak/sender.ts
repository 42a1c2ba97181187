import type { Feed } from './feed.ts';
import type { Traffic } from './traffic.ts';

/** A time in which more events come. In seconds from the start. */
export interface Burst {
  readonly from: number;
  readonly to: number;
  readonly times: number;
}

/** Events between two looks at what else there is to do. */
const CHUNK = 200;
const PAUSE_MS = 5;

/** Sends events at an exact rate by the clock: one that fell behind catches up. */
export class Sender {
  readonly #feed: Feed;
  readonly #traffic: Traffic;
  readonly #rate: number;
  readonly #bursts: readonly Burst[];
  readonly #start = performance.now();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(feed: Feed, traffic: Traffic, rate: number, bursts: readonly Burst[]) {
    this.#feed = feed;
    this.#traffic = traffic;
    this.#rate = rate;
    this.#bursts = bursts;
    this.#step();
  }

  /** Ends the stream; the sessions that are under way are played to their ends at once. */
  finish(): void {
    clearTimeout(this.#timer);
    for (let line = this.#traffic.rest(); line !== undefined; line = this.#traffic.rest()) this.#feed.push(line);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #step(): void {
    const elapsed = (performance.now() - this.#start) / 1_000;
    const due = this.#dueAt(elapsed);
    const until = Math.min(due, this.#count + CHUNK);
    for (; this.#count < until; this.#count++) this.#feed.push(this.#traffic.next(elapsed));
    this.#timer = setTimeout(() => this.#step(), this.#count < due ? 0 : PAUSE_MS);
  }

  #dueAt(elapsed: number): number {
    const more = this.#bursts.map(({ from, to, times }) => (times - 1) * Math.max(0, Math.min(elapsed, to) - from));
    return Math.floor(this.#rate * more.reduce((sum, extra) => sum + extra, elapsed));
  }
}
