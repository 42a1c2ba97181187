import type { Alert } from '../../model/alert.ts';
import { fingerprint } from '../labels.ts';
import type { Kept } from './kept.ts';
import type { Line } from './line.ts';

/** What is kept, in memory. Holds one entry for each label set, the oldest first. Does no input or output. */
export class Shelf {
  readonly #byKey = new Map<string, Kept>();
  readonly #byId = new Map<number, string>();
  #next = 0;

  get size(): number {
    return this.#byKey.size;
  }

  /** Takes a line of a journal in. Lines of states that are gone say nothing. */
  read(line: Line): void {
    if ('put' in line) this.#keep({ id: line.put, alert: line.alert, done: new Set() });
    else if ('gone' in line) this.remove(line.gone);
    else this.#withId(line.done)?.done.add(line.sink);
  }

  put(alert: Alert, done: ReadonlySet<string> = new Set()): Kept {
    const kept = { id: this.#next, alert, done: new Set(done) };
    this.#keep(kept);
    return kept;
  }

  /** The entry of exactly this state; undefined once a newer one has come. */
  of(alert: Alert): Kept | undefined {
    const kept = this.#byKey.get(fingerprint(alert.labels));
    return kept?.alert === alert ? kept : undefined;
  }

  /** Whether there is any state of this alert. */
  has({ labels }: Alert): boolean {
    return this.#byKey.has(fingerprint(labels));
  }

  remove(id: number): void {
    const key = this.#byId.get(id);
    if (key === undefined) return;
    this.#byId.delete(id);
    if (this.#byKey.get(key)?.id === id) this.#byKey.delete(key);
  }

  all(): readonly Kept[] {
    return [...this.#byKey.values()];
  }

  oldest(): Kept | undefined {
    const [kept] = this.#byKey.values();
    return kept;
  }

  #keep(kept: Kept): void {
    const key = fingerprint(kept.alert.labels);
    const old = this.#byKey.get(key);
    if (old) this.remove(old.id);
    this.#byKey.set(key, kept);
    this.#byId.set(kept.id, key);
    this.#next = Math.max(this.#next, kept.id + 1);
  }

  #withId(id: number): Kept | undefined {
    return this.#byKey.get(this.#byId.get(id) ?? '');
  }
}
