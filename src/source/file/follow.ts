import type { Stats } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { type Clock, sleep } from '../../platform/clock.ts';
import { yieldTurn } from '../../platform/turn.ts';
import { CHUNK_BYTES, openFile } from './open.ts';
import type { FileReader } from './reader.ts';

export interface FollowOptions {
  readonly path: string;
  readonly pollMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told when another file has taken the path. */
  readonly onRotated: () => void;
}

/**
 * Reads a file as it grows, until `signal` aborts. A file that was renamed or removed is read until the next one of its name
 * has content: its writer has moved by then. A file that is shorter than what was read was cut, and starts again; one that was
 * cut and has outgrown the old length between two looks goes unnoticed.
 */
export const follow = async (first: FileHandle, reader: FileReader, options: FollowOptions): Promise<void> => {
  const { path, pollMs, clock, signal, onRotated } = options;
  let file = new Followed(first);
  try {
    for (;;) {
      await file.readOn(reader, signal);
      if (signal.aborted) break;
      const now = await statOf(path);
      if (now && !(await file.is(now)) && now.size > 0) {
        // The writer may have added to the old file after the last look.
        await file.readOn(reader, signal);
        reader.end();
        const next = await openFile(path).catch(() => undefined);
        if (next) {
          await file.close();
          file = new Followed(next);
          onRotated();
          continue;
        }
      } else if (await file.wasCut()) {
        reader.truncated();
        file.rewind();
        continue;
      }
      await sleep(clock, pollMs, signal);
      // What was written since the last look is little, and the last there is.
      if (signal.aborted) await file.readOn(reader);
    }
    reader.end();
  } finally {
    await file.close();
  }
};

class Followed {
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #position = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Reads to the present end. One buffer serves all reads: the reader keeps no part of it. */
  async readOn(reader: FileReader, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted) {
      const { bytesRead } = await this.#handle.read(this.#buffer, 0, CHUNK_BYTES, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      reader.push(this.#buffer.subarray(0, bytesRead));
      await yieldTurn();
    }
  }

  /** Whether the path still leads to this file. Its number is not given again while it is open. */
  async is(other: Stats): Promise<boolean> {
    const own = await this.#handle.stat();
    return own.ino === other.ino && own.dev === other.dev;
  }

  async wasCut(): Promise<boolean> {
    return (await this.#handle.stat()).size < this.#position;
  }

  rewind(): void {
    this.#position = 0;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Undefined between the removal of one file and the creation of the next. */
const statOf = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined);
