import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorMessage } from '../platform/error-message.ts';

/** Anybody may read: what waits for the file is often another user in another container. It holds no secrets. */
const MODE = 0o644;

/** Puts `text` in the place of the file at once: who reads it sees all of it, or what was there before. */
export const writeWhole = (path: string, text: string): void => {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = openSync(draft, 'w', MODE);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new Error(`${path} cannot be written: ${errorMessage(error)}`);
  }
};
