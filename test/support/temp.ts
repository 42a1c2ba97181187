import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/** Gives the whole run one temporary folder. */
export const setup = (): void => {
  folder = mkdtempSync(join(tmpdir(), 'creance-'));
  process.env.TMPDIR = folder;
};

/** Takes it away when the run is over, whatever a test left there. */
export const teardown = (): void => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
};
