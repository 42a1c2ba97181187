import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Documents, parseDocument } from './documents.ts';
import { inStore, isCode, namesIn, removeFile } from './folder.ts';

/** Keeps each document in `FOLDER/<collection>/<id>.json` and each journal in `FOLDER/<journal>.jsonl`, for this user only. */
export const fileDocuments = (folder: string): Documents => {
  const fileOf = (collection: string, id: string): string => join(folder, collection, `${id}.json`);
  return {
    name: `file:${folder}`,
    put: (collection, id, document) =>
      inStore(folder, 'write', () => replaceFile(fileOf(collection, id), `${JSON.stringify(document)}\n`)),
    all: (collection) =>
      inStore(folder, 'read', async () => {
        const documents = new Map<string, unknown>();
        for (const name of await namesIn(join(folder, collection)))
          if (name.endsWith('.json')) {
            const id = name.slice(0, -'.json'.length);
            documents.set(id, parseDocument(await textOf(fileOf(collection, id))));
          }
        return documents;
      }),
    remove: (collection, id) => inStore(folder, 'write', () => removeFile(fileOf(collection, id))),
    append: (journal, line) =>
      inStore(folder, 'write', () => appendLine(join(folder, `${journal}.jsonl`), `${JSON.stringify(line)}\n`)),
    lines: (journal) =>
      inStore(folder, 'read', async () => {
        const text = await textOf(join(folder, `${journal}.jsonl`));
        return text.split('\n').slice(0, -1).map(parseDocument);
      }),
    close: async () => {},
  };
};

/** Empty where there is none. */
const textOf = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  }
};

/** A reader sees the old text or the new one, never half of it. */
const replaceFile = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeSynced(aside, 'wx', text);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
};

const appendLine = async (file: string, line: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeSynced(file, 'a', line);
};

const writeSynced = async (file: string, flags: 'wx' | 'a', text: string): Promise<void> => {
  const handle = await open(file, flags, 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
};
