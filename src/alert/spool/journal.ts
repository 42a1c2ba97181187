import {
  closeSync,
  fdatasync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const syncData = promisify(fdatasync);

/**
 * A file of lines that grows, and is written anew when it has grown too long. An appended line has left this process when
 * `append` returns, so that a `kill -9` cannot take it back; it has reached the disk once `sync` resolves.
 */
export class Journal {
  readonly #path: string;
  #fd: number | undefined;
  #syncing: Promise<void> | undefined;
  #again = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** What it holds; empty where there is none. Throws when it cannot be read. */
  read(): string {
    try {
      return readFileSync(this.#path, 'utf8');
    } catch (error) {
      // A folder that is none cannot be written either, which is told then.
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
      throw error;
    }
  }

  /** Throws when not all of it could be written; the file may then end in the middle of a line. */
  append(text: string): void {
    if (this.#fd === undefined) throw new Error('the journal is not open');
    writeAll(this.#fd, text);
  }

  /** Puts `text` in the place of all that is there, at once or not at all, and opens it for `append`. Throws when it cannot. */
  rewrite(text: string): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const aside = `${this.#path}.new`;
    const fd = openSync(aside, 'w', 0o600);
    try {
      writeAll(fd, text);
      fsyncSync(fd);
      renameSync(aside, this.#path);
    } catch (error) {
      closeSync(fd);
      rmSync(aside, { force: true });
      throw error;
    }
    syncFolder(dirname(this.#path));
    this.#release();
    this.#fd = fd;
  }

  /** Resolves when all that was appended before is on the disk. One sync runs at a time. Rejects when the disk fails. */
  sync(): Promise<void> {
    this.#again = true;
    this.#syncing ??= this.#syncAll().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  async close(): Promise<void> {
    await this.#syncing?.catch(() => {});
    this.#release();
  }

  async #syncAll(): Promise<void> {
    await undefined; // what is appended in one burst is synced once
    while (this.#again && this.#fd !== undefined) {
      this.#again = false;
      const fd = this.#fd;
      await syncData(fd).catch((error) => {
        // Closed meanwhile: the file has been written anew, and that was synced.
        if (fd === this.#fd) throw error;
      });
    }
  }

  #release(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

const writeAll = (fd: number, text: string): void => {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
};

/** So that the new name is on the disk as well. */
const syncFolder = (folder: string): void => {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};
