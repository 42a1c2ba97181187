/** The most recent ids of a stream, to know one that comes twice. */
export class RecentIds {
  readonly #ids = new Set<string>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Whether the id is new; it then counts as the most recent, and the oldest is forgotten when there are too many. */
  add(id: string): boolean {
    const isNew = !this.#ids.delete(id);
    this.#ids.add(id);
    if (this.#ids.size > this.#capacity) {
      const [oldest] = this.#ids;
      this.#ids.delete(oldest as string);
    }
    return isNew;
  }
}
