import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../platform/log.ts';
import { readProfile } from './encoding.ts';
import { bySession } from './memory-store.ts';
import { type SessionProfile, scopeKey } from './profile.ts';
import type { ProfileStore, Shelf } from './store.ts';

/**
 * Keeps each profile in a file of its own, `DIR/profiles/<scope>/<session>.json`, and those that wait below `DIR/pending`. So writers need no lock, a session is
 * added once because its file exists once, and a crash can hurt one session at most: files are written aside, synced,
 * and linked into place. A file that cannot be read is set aside as `*.corrupt`, told, and never overwritten.
 */
export const fileStore = (directory: string, log: Logger): ProfileStore => {
  const rootOf = (shelf: Shelf = 'learned'): string => join(directory, shelf === 'learned' ? 'profiles' : shelf);
  const folderOf = ({ scope, agent }: SessionProfile, shelf?: Shelf): string =>
    join(rootOf(shelf), createHash('sha256').update(scopeKey(scope, agent)).digest('hex').slice(0, 16));
  const fileOf = (profile: SessionProfile, shelf?: Shelf): string =>
    join(folderOf(profile, shelf), `${profile.session}.json`);
  const frozen = join(directory, 'frozen');

  return {
    name: `file:${directory}`,
    load: (shelf) =>
      explain(directory, 'read', async () => {
        const profiles: SessionProfile[] = [];
        const root = rootOf(shelf);
        for (const folder of await names(root)) {
          for (const name of await names(join(root, folder))) {
            const file = join(root, folder, name);
            if (!name.endsWith('.json')) continue;
            const read = readProfile(await readFile(file, 'utf8'));
            if ('profile' in read) profiles.push(read.profile);
            else await setAside(file, read.problem, log);
          }
        }
        return profiles.sort(bySession);
      }),
    add: (profile, shelf) =>
      explain(directory, 'write', async () => {
        await mkdir(folderOf(profile, shelf), { recursive: true, mode: 0o700 });
        return writeOnce(fileOf(profile, shelf), `${JSON.stringify(profile)}\n`);
      }),
    remove: (profiles, shelf) =>
      explain(directory, 'write', async () => {
        let removed = 0;
        for (const profile of profiles) if (await removeFile(fileOf(profile, shelf))) removed++;
        return removed;
      }),
    isFrozen: () => explain(directory, 'read', async () => (await names(directory)).includes('frozen')),
    freeze: (wanted) =>
      explain(directory, 'write', async () => {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        if (wanted) await writeOnce(frozen, '');
        else await removeFile(frozen);
      }),
    probe: () =>
      explain(directory, 'write', async () => {
        const file = join(directory, `.probe-${process.pid}`);
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await writeFile(file, '', { mode: 0o600 });
        await rm(file);
      }),
    close: async () => {},
  };
};

/** False when it was not there. */
const removeFile = (file: string): Promise<boolean> =>
  rm(file).then(
    () => true,
    (error) => (isCode(error, 'ENOENT') ? false : Promise.reject(error)),
  );

const names = async (directory: string): Promise<readonly string[]> => {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
};

/** True when the file was made now, false when it was there. A reader never sees it half written. */
const writeOnce = async (file: string, text: string): Promise<boolean> => {
  const aside = `${file}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeSynced(aside, text);
    await link(aside, file);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
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

const setAside = async (file: string, problem: string, log: Logger): Promise<void> => {
  const aside = `${file}.corrupt`;
  await rename(file, aside);
  log.error(
    { file: aside, problem },
    'a learned session cannot be read; it is set aside and the baseline goes on without it',
  );
};

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const MENDS: Readonly<Record<string, string>> = {
  EACCES: 'give this user access to it, or choose another place with --store',
  EPERM: 'give this user access to it, or choose another place with --store',
  EROFS: 'the file system is read-only: choose another place with --store',
  ENOSPC: 'the disk is full: make room',
  ENOTDIR: 'a part of the path is a file: choose another place with --store',
};

const explain = async <T>(directory: string, act: 'read' | 'write', work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot ${act} the store file:${directory}: ${reason}${MENDS[code] ? ` (${MENDS[code]})` : ''}`);
  }
};
