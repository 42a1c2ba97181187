import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

const RECORDING = /\.jsonl(\.gz)?$/;

/** The recordings that arguments name: files as they are, directories by the recordings in them, `-` for standard input. */
export const recordingsOf = (paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) => {
    if (path === '-' || !isDirectory(path)) return [path];
    const found = readdirSync(path)
      .filter((name) => RECORDING.test(name))
      .sort()
      .map((name) => join(path, name));
    if (found.length === 0) throw new Error(`${path} holds no recordings: files named *.jsonl or *.jsonl.gz`);
    return found;
  });

/** What a recording is called in reports: its file's name without the endings. */
export const recordingName = (path: string): string => (path === '-' ? 'stdin' : basename(path).replace(RECORDING, ''));

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
