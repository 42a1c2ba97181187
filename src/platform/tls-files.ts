import type { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { errorMessage } from './error-message.ts';
import { certificatesIn, Problem, privateKeyIn, readOne, requireAuthority, requireValid } from './pem-file.ts';

/** The PEM files of one end of a connection, by name. */
export interface TlsPaths {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: string | undefined;
}
type TlsName = keyof TlsPaths;

/** Files that belong together and can be used now. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** The authorities that may have signed the peer's certificate; absent where none is configured. */
  readonly ca?: Buffer;
}

/** Why the files can't be used, naming the setting, the file and the mend. */
export interface TlsProblem {
  readonly problem: string;
}

const NAMES: readonly TlsName[] = ['cert', 'key', 'ca'];

/** Those of the named settings that the configuration lacks, as a person writes them. */
export const missingTlsSettings = (
  section: string,
  paths: TlsPaths,
  needed: readonly TlsName[] = NAMES,
): readonly string[] => needed.filter((name) => !paths[name]).map((name) => `${section}.${name}`);

/** Changes whenever one of the files does, through symbolic links too, as Kubernetes swaps them. */
export const tlsStamp = (paths: TlsPaths): string =>
  NAMES.map((name) => {
    const stats = statSync(paths[name] ?? '', { throwIfNoEntry: false });
    return stats ? `${stats.ino}:${stats.mtimeMs}:${stats.size}` : 'none';
  }).join(' ');

/**
 * Reads the files anew and checks all that can be checked without the peer. `section` is the part of the configuration
 * that names them, for messages; `nowMs` is the time, in milliseconds.
 */
export const readTlsFiles = (section: string, paths: TlsPaths, nowMs: number): TlsMaterial | TlsProblem =>
  attempt(section, () => {
    const missing = missingTlsSettings(section, paths, ['cert', 'key']);
    if (missing.length > 0) return { problem: `${missing.join(', ')} must be set: name PEM files` };
    return { ...readPair(section, paths, nowMs), ...readAuthorities(section, paths, nowMs) };
  });

/** The same for the end that connects, which needs none of the files, but a key where it has a certificate. */
export const readClientTlsFiles = (
  section: string,
  paths: TlsPaths,
  nowMs: number,
): Partial<TlsMaterial> | TlsProblem =>
  paths.cert || paths.key
    ? readTlsFiles(section, paths, nowMs)
    : attempt(section, () => readAuthorities(section, paths, nowMs));

const attempt = <Material>(section: string, read: () => Material | TlsProblem): Material | TlsProblem => {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    const reason = errorMessage(error);
    return { problem: `the files of ${section} can't be used: ${reason}` };
  }
};

const readPair = (section: string, paths: TlsPaths, nowMs: number): Pick<TlsMaterial, 'cert' | 'key'> => {
  const cert = readOne(`${section}.cert`, paths.cert ?? '');
  const key = readOne(`${section}.key`, paths.key ?? '');
  const leaf = certificatesIn(cert)[0] as X509Certificate;
  requireValid(cert, leaf, nowMs);
  if (!leaf.checkPrivateKey(privateKeyIn(key))) {
    throw new Problem(key, `does not belong to the certificate ${cert.path}`, 'use the key it was made with');
  }
  return { cert: cert.bytes, key: key.bytes };
};

const readAuthorities = (section: string, paths: TlsPaths, nowMs: number): Pick<Partial<TlsMaterial>, 'ca'> => {
  if (!paths.ca) return {};
  const ca = readOne(`${section}.ca`, paths.ca);
  requireAuthority(ca, nowMs);
  return { ca: ca.bytes };
};
