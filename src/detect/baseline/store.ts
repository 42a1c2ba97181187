import type { SessionProfile } from './profile.ts';

/** Where a session's profile can stand: it counts, or it waits for a person. */
export const SHELVES = ['learned', 'pending'] as const;
export type Shelf = (typeof SHELVES)[number];

/**
 * Where profiles are kept. Whatever the store, a profile is added once to a shelf, whoever else adds it at the same
 * time, and what was added is there after a crash once the promise has resolved. Rejections carry one message that names
 * the place and the mend. All implementations pass one contract suite.
 */
export interface ProfileStore {
  /** For messages; without credentials. */
  readonly name: string;
  /** The profiles of a shelf, in an order of their own, but for those of sessions that are `known`. */
  load(shelf?: Shelf, known?: (session: string) => boolean): Promise<readonly SessionProfile[]>;
  /** Ids of all sessions of a shelf. */
  sessions(shelf?: Shelf): Promise<ReadonlySet<string>>;
  /** The same as long as the store keeps what it is given: another one tells that it has forgotten. */
  identity(): Promise<string>;
  /** Adds a profile; false when its session was there already. */
  add(profile: SessionProfile, shelf?: Shelf): Promise<boolean>;
  /** Removes sessions; the number that were there. */
  remove(profiles: readonly SessionProfile[], shelf?: Shelf): Promise<number>;
  /** True while nothing may be learned. */
  isFrozen(): Promise<boolean>;
  freeze(frozen: boolean): Promise<void>;
  /** Writes something and takes it away again: rejects where nothing could be kept. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
