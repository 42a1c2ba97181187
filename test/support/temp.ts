import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the whole run one temporary folder, and takes it away when it is over, whatever a test left there. */
export default (): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'creance-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
};
