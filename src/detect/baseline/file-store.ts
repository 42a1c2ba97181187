import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inStore, makeFolder, namesIn, removeFile, writeOnce } from '../../platform/folder.ts';
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
        if (!(await namesIn(directory)).includes('identity')) await writeOnce(identity, randomUUID());
        return readFile(identity, 'utf8');
      }),
    add: (profile, shelf) =>
      inStore(directory, 'write', () => writeOnce(fileOf(profile, shelf), `${JSON.stringify(profile)}\n`)),
    remove: (profiles, shelf) =>
      inStore(directory, 'write', async () => {
        let removed = 0;
        for (const profile of profiles) if (await removeFile(fileOf(profile, shelf))) removed++;
        return removed;
      }),
    isFrozen: () => inStore(directory, 'read', async () => (await namesIn(directory)).includes('frozen')),
    freeze: (wanted) =>
      inStore(directory, 'write', async () => {
        await (wanted ? writeOnce(frozen, '') : removeFile(frozen));
      }),
    probe: () =>
      inStore(directory, 'write', async () => {
        const file = join(directory, `.probe-${process.pid}`);
        await makeFolder(directory);
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

const setAside = async (file: string, problem: string, log: Logger): Promise<void> => {
  const aside = `${file}.corrupt`;
  await rename(file, aside);
  log.error(
    { file: aside, problem },
    'a learned session cannot be read; it is set aside and the baseline goes on without it',
  );
};
