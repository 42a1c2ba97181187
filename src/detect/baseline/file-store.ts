import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inStore, isCode, namesIn, removeFile } from '../../platform/folder.ts';
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
  const identity = join(directory, 'identity');

  return {
    name: `file:${directory}`,
    load: (shelf, known = () => false) =>
      inStore(directory, 'read', async () => {
        const profiles: SessionProfile[] = [];
        for (const { session, file } of await filesOf(rootOf(shelf))) {
          if (known(session)) continue;
          const read = readProfile(await readFile(file, 'utf8'));
          if ('profile' in read) profiles.push(read.profile);
          else await setAside(file, read.problem, log);
        }
        return profiles.sort(bySession);
      }),
    sessions: (shelf) =>
      inStore(directory, 'read', async () => {
        const files = await filesOf(rootOf(shelf));
        return new Set(files.map(({ session }) => session));
      }),
    identity: () =>
      inStore(directory, 'write', async () => {
        // Asked first, for a disk that takes no write may well know it.
        if (!(await namesIn(directory)).includes('identity')) {
          await mkdir(directory, { recursive: true, mode: 0o700 });
          await writeOnce(identity, randomUUID());
        }
        return readFile(identity, 'utf8');
      }),
    add: (profile, shelf) =>
      inStore(directory, 'write', async () => {
        await mkdir(folderOf(profile, shelf), { recursive: true, mode: 0o700 });
        return writeOnce(fileOf(profile, shelf), `${JSON.stringify(profile)}\n`);
      }),
    remove: (profiles, shelf) =>
      inStore(directory, 'write', async () => {
        let removed = 0;
        for (const profile of profiles) if (await removeFile(fileOf(profile, shelf))) removed++;
        return removed;
      }),
    isFrozen: () => inStore(directory, 'read', async () => (await namesIn(directory)).includes('frozen')),
    freeze: (wanted) =>
      inStore(directory, 'write', async () => {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        if (wanted) await writeOnce(frozen, '');
        else await removeFile(frozen);
      }),
    probe: () =>
      inStore(directory, 'write', async () => {
        const file = join(directory, `.probe-${process.pid}`);
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await writeFile(file, '', { mode: 0o600 });
        await rm(file);
      }),
    close: async () => {},
  };
};

const EXTENSION = '.json';

const filesOf = async (root: string): Promise<readonly { readonly session: string; readonly file: string }[]> => {
  const found = [];
  for (const folder of await namesIn(root))
    for (const name of await namesIn(join(root, folder)))
      if (name.endsWith(EXTENSION))
        found.push({ session: name.slice(0, -EXTENSION.length), file: join(root, folder, name) });
  return found;
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
