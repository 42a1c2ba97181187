import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { systemClock } from './clock.ts';
import { errorMessage } from './error-message.ts';

/** A file that is still being written: no reader may take it for one. */
const ASIDE = /\.[0-9a-f]{12}\.new$/;
/** Whoever wrote such a file for so long was killed over it. In milliseconds. */
const ABANDONED_MS = 3_600_000;

/**
 * What stands in a folder, sorted; nothing where there is none. What is still being written is left out, and removed where
 * its writer was killed over it.
 */
export const namesIn = async (folder: string): Promise<readonly string[]> => {
  const names: string[] = [];
  for (const name of await entriesOf(folder))
    if (ASIDE.test(name)) await removeAbandoned(join(folder, name));
    else names.push(name);
  return names.sort();
};

const entriesOf = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
};

/** Where that cannot be done, nobody who reads is harmed. */
const removeAbandoned = async (aside: string): Promise<void> => {
  try {
    const { mtimeMs } = await stat(aside);
    if (Number(systemClock.now() / 1_000_000n) - mtimeMs > ABANDONED_MS) await rm(aside, { force: true });
  } catch {}
};

/** False when it was not there. */
export const removeFile = (file: string): Promise<boolean> =>
  rm(file).then(
    () => true,
    (error) => (isCode(error, 'ENOENT') ? false : Promise.reject(error)),
  );

/** Puts `text` in the place of what is there: a reader sees the old text or the new one, also after a crash. */
export const replaceFile = (file: string, text: string): Promise<void> => placeFile(file, text, rename);

/** Makes the file with all of `text`, also after a crash. False when it was there, which is then left as it is. */
export const writeOnce = (file: string, text: string): Promise<boolean> =>
  placeFile(file, text, (aside) =>
    link(aside, file).then(
      () => true,
      (error) => (isCode(error, 'EEXIST') ? false : Promise.reject(error)),
    ),
  );

/** Writes the text aside, has `place` put that where it belongs, and resolves when all of this is on the disk. */
const placeFile = async <T>(
  file: string,
  text: string,
  place: (aside: string, file: string) => Promise<T>,
): Promise<T> => {
  const folder = dirname(file);
  await makeFolder(folder);
  const aside = `${file}.${randomBytes(6).toString('hex')}.new`;
  const placed = await writeSynced(aside, text)
    .then(() => place(aside, file))
    .finally(() => rm(aside, { force: true }));
  await syncFolder(folder);
  return placed;
};

/** A full disk may take a part of it. */
const writeSynced = async (file: string, text: string): Promise<void> => {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Makes the folder, and those that it stands in, for this user only. They are there after a crash. */
export const makeFolder = async (folder: string): Promise<void> => {
  const path = resolve(folder);
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
};

/** Where folders cannot be synced; nothing better can be done there. */
const UNSYNCABLE = ['EACCES', 'EBADF', 'EINVAL'];

/** The names in a folder reach the disk on their own: no file that was made, renamed or removed is sure without this. */
export const syncFolder = async (folder: string): Promise<void> => {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!UNSYNCABLE.some((code) => isCode(error, code))) throw error;
  }
};

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
    const mend = MENDS[code] ? ` (${MENDS[code]})` : '';
    throw new Error(`cannot ${act} the store file:${folder}: ${errorMessage(error)}${mend}`);
  }
};
