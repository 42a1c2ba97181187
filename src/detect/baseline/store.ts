import type { SessionProfile } from './profile.ts';

/**
 * Where profiles are kept. Whatever the store, a profile is added once, and what was added is there after a crash once
 * the promise has resolved. Rejections carry one message that names the place and the mend.
 */
export interface ProfileStore {
  /** For messages; without credentials. */
  readonly name: string;
  load(): Promise<readonly SessionProfile[]>;
  /** Adds a profile; false when its session was there already. */
  add(profile: SessionProfile): Promise<boolean>;
  /** Removes sessions; the number that were there. */
  remove(profiles: readonly SessionProfile[]): Promise<number>;
  close(): Promise<void>;
}
