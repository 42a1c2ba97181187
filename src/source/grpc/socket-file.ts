import { statSync } from 'node:fs';

/**
 * Tells one socket file from the next at the same path; undefined when there is none. An inode number alone will not do,
 * because file systems hand out a freed number again. Throws where the file may not be looked at.
 */
export const socketIdentity = (path: string): string | undefined => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}:${stats.birthtimeMs}`;
};
