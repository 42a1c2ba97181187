const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BRACE = 0x7b;
const BYTE_ORDER_MARK = '\uFEFF';

export interface LineOptions {
  /** Longer lines are left out. In bytes, without the line's end. */
  readonly maxLineBytes: number;
  readonly onLine: (line: string) => void;
  /** A line was too long; called once for each, as soon as that is known. */
  readonly onTooLong: () => void;
}

/**
 * Cuts chunks of bytes into lines of text. Holds at most one unfinished line, and that no longer than the limit. Lines are
 * cut before they are decoded, so that a character may reach over two chunks. Blank lines and a byte order mark are left out.
 */
export class LineSplitter {
  readonly #options: LineOptions;
  #parts: Buffer[] = [];
  #held = 0;
  #skipping = false;
  #first = true;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      this.#take(chunk, from, to);
      from = to + 1;
    }
    if (from < chunk.length) this.#hold(chunk, from);
  }

  /** The beginning of a line whose end has not come, undefined when there is none. The next line starts afresh. */
  rest(): string | undefined {
    const text =
      this.#held > 0 && !this.#skipping ? this.#decode(Buffer.concat(this.#parts), 0, this.#held) : undefined;
    this.#drop();
    this.#first = true;
    return text;
  }

  #take(chunk: Buffer, from: number, to: number): void {
    const isTooLong = this.#held + to - from > this.#options.maxLineBytes;
    if (this.#skipping || isTooLong) {
      if (!this.#skipping) this.#options.onTooLong();
      this.#first = false;
      this.#drop();
      return;
    }
    let line: string | undefined;
    if (this.#held === 0) line = this.#decode(chunk, from, to);
    else {
      this.#parts.push(chunk.subarray(from, to));
      line = this.#decode(Buffer.concat(this.#parts), 0, this.#held + to - from);
      this.#drop();
    }
    if (line !== undefined) this.#options.onLine(line);
  }

  #hold(chunk: Buffer, from: number): void {
    if (this.#skipping) return;
    this.#held += chunk.length - from;
    if (this.#held > this.#options.maxLineBytes) {
      this.#drop();
      this.#skipping = true;
      this.#options.onTooLong();
      return;
    }
    // A copy: a part of a few bytes must not keep a whole chunk alive.
    this.#parts.push(Buffer.from(chunk.subarray(from)));
  }

  #drop(): void {
    this.#parts = [];
    this.#held = 0;
    this.#skipping = false;
  }

  #decode(bytes: Buffer, from: number, to: number): string | undefined {
    const end = to > from && bytes[to - 1] === RETURN ? to - 1 : to;
    let text = bytes.toString('utf8', from, end);
    if (this.#first && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
    this.#first = false;
    return bytes[from] === BRACE || text.trim() !== '' ? text : undefined;
  }
}
