import type { Change, Kept } from './kept.ts';
import type { Shelf } from './shelf.ts';

/**
 * Where a spool is kept beyond the end of this process, for one process at a time. It holds lines (see `line.ts`); when and
 * what is written is for the Spool to say.
 */
export interface Medium {
  /** What it is, for messages; without credentials. */
  readonly name: string;
  /** Ends `alerts are kept …`. */
  readonly where: 'on disk' | 'in Redis';
  /** True where its trouble is that of this machine alone; what others share takes nobody out of service. */
  readonly isLocal: boolean;
  /** How often it must be written to, be it with nothing, so that it stays ours; in milliseconds. */
  readonly beatMs?: number;
  /**
   * Takes it into use. Resolves with the lines that another process left, in any order from one alert to another; with none
   * where they were told before; with `taken` while another process has it. Rejects when it cannot be used now. `replace`
   * comes next.
   */
  open(): Promise<readonly string[] | 'taken'>;
  /** Puts what is there out of the way, so that a person can look at it. Resolves with where that is. */
  setAside(): Promise<string>;
  /** Puts `entries` in the place of all that is there, at once or not at all. */
  replace(entries: readonly Kept[]): Promise<void>;
  /**
   * Adds what has changed since `replace` and the writes before, which need not be over yet; the shelf has it already.
   * Resolves when it is safe. Rejects when it may not be; then nothing is written until it is opened again.
   */
  write(changes: readonly Change[], shelf: Shelf): Promise<void>;
  /** Lets another process have it. Never rejects. */
  close(): Promise<void>;
}
