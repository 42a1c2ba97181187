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
 *
 * To find an item's class costs more than to hold it, and is of no use unless there is something to shed: items stand in a
 * line of their own, behind all others, until `sort` or `shed` asks for their class.
 */
export class RankedQueue<T> {
  readonly #classOf: (item: T) => number;
  readonly #lines: Line<T>[];
  readonly #unsorted: Line<T> = { head: undefined, tail: undefined };
  #arrived = 0;
  #length = 0;

  /** `classes` is how many classes there are; class 0 is worth least. */
  constructor(classes: number, classOf: (item: T) => number) {
    this.#classOf = classOf;
    this.#lines = Array.from({ length: classes }, () => ({ head: undefined, tail: undefined }));
  }

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    append(this.#unsorted, { item, order: this.#arrived++, next: undefined });
    this.#length++;
  }

  /** Finds the class of so many of the oldest items that have none yet. */
  sort(count: number): void {
    for (let sorted = 0; sorted < count && this.#unsorted.head; sorted++) {
      const node = detach(this.#unsorted) as Node<T>;
      const rank = this.#classOf(node.item);
      const line = this.#lines[rank];
      if (!line) throw new RangeError(`class ${rank} of ${this.#lines.length}`);
      append(line, node);
    }
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
    this.sort(this.#length);
    const rank = this.#lines.findIndex((line) => line.head);
    const node = this.#take(this.#lines[rank]);
    return node && { item: node.item, order: node.order, rank };
  }

  #oldest(): Line<T> | undefined {
    let oldest: Line<T> | undefined;
    for (const line of this.#lines) {
      if (line.head && (!oldest?.head || line.head.order < oldest.head.order)) oldest = line;
    }
    return oldest ?? (this.#unsorted.head && this.#unsorted);
  }

  #take(line: Line<T> | undefined): Node<T> | undefined {
    const node = line && detach(line);
    if (node) this.#length--;
    return node;
  }
}

const append = <T>(line: Line<T>, node: Node<T>): void => {
  if (line.tail) line.tail.next = node;
  else line.head = node;
  line.tail = node;
};

const detach = <T>(line: Line<T>): Node<T> | undefined => {
  const node = line.head;
  if (!node) return undefined;
  line.head = node.next;
  if (!line.head) line.tail = undefined;
  node.next = undefined;
  return node;
};
