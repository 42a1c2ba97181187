/** One held item; `order` is its place in the order of arrival over all classes. */
export interface Held<T> {
  readonly item: T;
  readonly order: number;
}

interface Node<T> extends Held<T> {
  next: Node<T> | undefined;
}

interface Line<T> {
  head: Node<T> | undefined;
  tail: Node<T> | undefined;
}

/**
 * A queue whose items have a class. Items leave in the order of their arrival, whatever their class; or, to make room, the
 * oldest item of the least class. One line per class and a running number make both O(number of classes).
 */
export class RankedQueue<T> {
  readonly #lines: Line<T>[];
  #arrived = 0;
  #length = 0;

  /** `classes` is how many classes there are; class 0 is worth least. */
  constructor(classes: number) {
    this.#lines = Array.from({ length: classes }, () => ({ head: undefined, tail: undefined }));
  }

  get length(): number {
    return this.#length;
  }

  push(item: T, rank: number): void {
    const line = this.#lines[rank];
    if (!line) throw new RangeError(`class ${rank} of ${this.#lines.length}`);
    const node: Node<T> = { item, order: this.#arrived++, next: undefined };
    if (line.tail) line.tail.next = node;
    else line.head = node;
    line.tail = node;
    this.#length++;
  }

  /** The place of the item that `shift` would take. */
  firstOrder(): number | undefined {
    return this.#oldest()?.head?.order;
  }

  /** Takes the item that arrived first. */
  shift(): T | undefined {
    return this.#take(this.#oldest())?.item;
  }

  /** Takes the oldest item of the least class present. */
  shed(): (Held<T> & { readonly rank: number }) | undefined {
    const rank = this.#lines.findIndex((line) => line.head);
    const node = this.#take(this.#lines[rank]);
    return node && { item: node.item, order: node.order, rank };
  }

  #oldest(): Line<T> | undefined {
    let oldest: Line<T> | undefined;
    for (const line of this.#lines) {
      if (line.head && (!oldest?.head || line.head.order < oldest.head.order)) oldest = line;
    }
    return oldest;
  }

  #take(line: Line<T> | undefined): Node<T> | undefined {
    const node = line?.head;
    if (!line || !node) return undefined;
    line.head = node.next;
    if (!line.head) line.tail = undefined;
    this.#length--;
    return node;
  }
}
