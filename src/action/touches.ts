import type { Touch } from '../model/action.ts';
import { isControl, isSecret } from '../model/path-class.ts';

/** Distinct paths kept of one class: few of what is plain, more of what is sensitive. */
const PLAIN = 48;
const SENSITIVE = 256;

/** Distinct paths that an action touched in one way. Each class has room of its own, so that none crowds another out. */
export class Touches {
  readonly #byPath = new Map<string, Touch>();
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#byPath.size;
  }

  has(path: string): boolean {
    return this.#byPath.has(path);
  }

  add(touch: Touch): void {
    if (this.#byPath.has(touch.path)) return;
    const count = this.#counts.get(touch.class) ?? 0;
    if (count >= (isSecret(touch.class) || isControl(touch.class) ? SENSITIVE : PLAIN)) return;
    this.#counts.set(touch.class, count + 1);
    this.#byPath.set(touch.path, touch);
  }

  absorb(other: Touches): void {
    for (const touch of other.#byPath.values()) this.add(touch);
  }

  build(): readonly Touch[] {
    return [...this.#byPath.values()];
  }
}
