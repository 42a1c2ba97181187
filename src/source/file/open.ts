import { type FileHandle, open } from 'node:fs/promises';

/**
 * Opens a file for reading.
 * @throws an Error that names the path and the mend.
 */
export const openFile = async (path: string): Promise<FileHandle> => {
  try {
    const handle = await open(path, 'r');
    const stats = await handle.stat();
    if (!stats.isDirectory()) return handle;
    await handle.close();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot read ${path}: ${MENDS[code ?? ''] ?? message}`, { cause: error });
  }
  throw new Error(`cannot read ${path}: it is a directory; name one file of it`);
};

const MENDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; correct the path in source.url',
  ENOTDIR: 'a part of the path is not a directory; correct the path in source.url',
  EACCES: 'permission denied; give this user the right to read it',
  EPERM: 'permission denied; give this user the right to read it',
};

export const CHUNK_BYTES = 262_144;

/** The bytes of a file from where it stands to its end. Closes it. */
export async function* readChunks(handle: FileHandle): AsyncGenerator<Buffer> {
  try {
    for (;;) {
      // No position: a pipe has none.
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
