import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Documents, parseDocument } from './documents.ts';
import { inStore, isCode, makeFolder, namesIn, removeFile, replaceFile, syncFolder } from './folder.ts';

/** Keeps each document in `FOLDER/<collection>/<id>.json` and each journal in `FOLDER/<journal>.jsonl`, for this user only. */
export const fileDocuments = (folder: string): Documents => {
  const fileOf = (collection: string, id: string): string => join(folder, collection, `${id}.json`);
  const write = <T>(work: () => Promise<T>): Promise<T> =>
    inStore(folder, 'write', async () => {
      await refuseRoot(folder);
      return work();
    });
  return {
    name: `file:${folder}`,
    put: (collection, id, document) =>
      write(() => replaceFile(fileOf(collection, id), `${JSON.stringify(document)}\n`)),
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
    remove: (collection, id) =>
      write(async () => {
        const removed = await removeFile(fileOf(collection, id));
        if (removed) await syncFolder(join(folder, collection));
        return removed;
      }),
    append: (journal, line) => write(() => appendLine(join(folder, `${journal}.jsonl`), `${JSON.stringify(line)}\n`)),
    lines: (journal) =>
      inStore(folder, 'read', async () => {
        const text = await textOf(join(folder, `${journal}.jsonl`));
        // What stands behind the last line end was being written, and nobody was told that it is there.
        const lines = text.split('\n').slice(0, -1);
        return lines.filter((line) => line !== '').map(parseDocument);
      }),
    close: async () => {},
  };
};

/** What root writes into the store of another user, that user's service could not read. */
const refuseRoot = async (folder: string): Promise<void> => {
  if (process.getuid?.() !== 0) return;
  const owner = await stat(folder).then(
    ({ uid }) => uid,
    () => 0,
  );
  if (owner !== 0)
    throw new Error(`it belongs to user ${owner}: run this as that user, such as with sudo -u '#${owner}'`);
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

/**
 * One that cannot be written whole leaves nothing, but where another process has written behind it by then, or the machine
 * went down over it: so the next one ends what is torn, and is not lost with it.
 */
const appendLine = async (file: string, text: string): Promise<void> => {
  await makeFolder(dirname(file));
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.from((await endsTorn(handle, size)) ? `\n${text}` : text);
    let written = 0;
    try {
      while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten;
      await handle.sync();
    } catch (error) {
      await takeBack(handle, size, written).catch(() => {});
      throw error;
    }
    if (size === 0) await syncFolder(dirname(file));
  } finally {
    await handle.close();
  }
};

/** What another process has written behind it stays. */
const takeBack = async (handle: FileHandle, size: number, written: number): Promise<void> => {
  if ((await handle.stat()).size === size + written) await handle.truncate(size);
};

const LINE_END = 0x0a;

const endsTorn = async (handle: FileHandle, size: number): Promise<boolean> => {
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== LINE_END;
};
