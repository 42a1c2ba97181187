import { readdir, rm } from 'node:fs/promises';

/** What stands in a folder, sorted; nothing where there is none. */
export const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
};

/** False when it was not there. */
export const removeFile = (file: string): Promise<boolean> =>
  rm(file).then(
    () => true,
    (error) => (isCode(error, 'ENOENT') ? false : Promise.reject(error)),
  );

export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const MENDS: Readonly<Record<string, string>> = {
  EACCES: 'give this user access to it, or choose another place with --store',
  EPERM: 'give this user access to it, or choose another place with --store',
  EROFS: 'the file system is read-only: choose another place with --store',
  ENOSPC: 'the disk is full: make room',
  ENOTDIR: 'a part of the path is a file: choose another place with --store',
};

/** Does some work in the folder of a store. Rejects with one message that names the folder and the mend. */
export const inStore = async <T>(folder: string, act: 'read' | 'write', work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot ${act} the store file:${folder}: ${reason}${MENDS[code] ? ` (${MENDS[code]})` : ''}`);
  }
};
