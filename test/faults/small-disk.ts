import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

/** A file system of its own that is soon full. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves no room at all. */
  fill(): void;
  free(): void;
  setReadOnly(readOnly: boolean): void;
  dispose(): void;
}

const mount = (...args: readonly string[]): void => void execFileSync('mount', args, { stdio: 'pipe' });

export const mountSmallDisk = (): SmallDisk => {
  const folder = mkdtempSync(join(tmpdir(), 'creance-disk-'));
  mount('-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => {
      try {
        writeFileSync(filler, Buffer.alloc(1_000_000));
      } catch {
        // It is full now, which was the purpose.
      }
    },
    free: () => rmSync(filler),
    setReadOnly: (readOnly) => mount('-o', `remount,${readOnly ? 'ro' : 'rw'}`, folder),
    dispose: () => {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
};

/** A suite with disks of its own. Where mounting is not allowed it is skipped aloud. */
export const describeWithDisk = (title: string, suite: () => void): void => {
  if (mayMount()) return void describe(title, suite);
  console.warn(`this user may not mount a file system: "${title}" is not tested`);
  describe.skip(title, suite);
};

const mayMount = (): boolean => {
  try {
    mountSmallDisk().dispose();
    return true;
  } catch {
    return false;
  }
};
