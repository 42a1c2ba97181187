import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { holdLock } from '../../platform/hold-lock.ts';
import { Journal } from './journal.ts';
import type { Change, Kept } from './kept.ts';
import { writeChange, writeKept } from './line.ts';
import type { Medium } from './medium.ts';
import type { Shelf } from './shelf.ts';

/** The least growth after which the journal is written anew, in characters: what an alert accuses may be long. */
const LEAST_GROWTH = 256_000;

/** A journal in a folder. What is written has left this process when the call returns; it is on the disk when it resolves. */
export class FileMedium implements Medium {
  readonly name: string;
  readonly where = 'on disk';
  readonly isLocal = true;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #journal: Journal;
  #unlock: (() => Promise<void>) | undefined;
  #isRead = false;
  /** Length of the journal when it was last written anew, and what was added since. */
  #length = 0;
  #growth = 0;

  constructor(folder: string, clock: Clock) {
    this.name = folder;
    this.#path = join(folder, 'journal.jsonl');
    this.#clock = clock;
    this.#journal = new Journal(this.#path);
  }

  async open(): Promise<readonly string[] | 'taken'> {
    mkdirSync(this.name, { recursive: true, mode: 0o700 });
    if (!this.#unlock) {
      // Where a socket cannot be, there is no lock: the path is too long, or the disk is failing, which is told next.
      const unlock = await holdLock(join(this.name, 'lock')).catch(() => 'none' as const);
      if (!unlock) return 'taken';
      if (unlock !== 'none') this.#unlock = unlock;
    }
    if (this.#isRead) return [];
    const text = this.#journal.read();
    this.#isRead = true;
    // What stands behind the last line end was being written when the process ended: nobody was told of it yet.
    return text.split('\n').slice(0, -1);
  }

  async setAside(): Promise<string> {
    const aside = `${this.#path}.${this.#clock.now() / 1_000_000n}.corrupt`;
    renameSync(this.#path, aside);
    return aside;
  }

  async replace(entries: readonly Kept[]): Promise<void> {
    const text = entries.map(writeKept).join('');
    this.#journal.rewrite(text);
    this.#length = text.length;
    this.#growth = 0;
  }

  async write(changes: readonly Change[], shelf: Shelf): Promise<void> {
    const text = changes.map(writeChange).join('');
    this.#growth += text.length;
    if (this.#growth > Math.max(LEAST_GROWTH, 3 * this.#length)) return this.replace(shelf.all());
    this.#journal.append(text);
    await this.#journal.sync();
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.#unlock?.();
  }
}
