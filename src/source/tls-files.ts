import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { SourceConfig } from './config.ts';

/** The part of the configuration that names the files; messages say it. */
export type TlsSection = 'source.grpc.tls' | 'source.http.tls';
export type TlsPaths = SourceConfig['grpc']['tls'];
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
  section: TlsSection,
  paths: TlsPaths,
  needed: readonly TlsName[] = NAMES,
): readonly string[] => needed.filter((name) => !paths[name]).map((name) => `${section}.${name}`);

/** Changes whenever one of the files does, through symbolic links too, as Kubernetes swaps them. */
export const tlsStamp = (paths: TlsPaths): string =>
  NAMES.map((name) => {
    const stats = statSync(paths[name] ?? '', { throwIfNoEntry: false });
    return stats ? `${stats.ino}:${stats.mtimeMs}:${stats.size}` : 'none';
  }).join(' ');

/** Reads the files anew and checks all that can be checked without the peer. `nowMs` is the time, in milliseconds. */
export const readTlsFiles = (section: TlsSection, paths: TlsPaths, nowMs: number): TlsMaterial | TlsProblem => {
  try {
    const missing = missingTlsSettings(section, paths, ['cert', 'key']);
    if (missing.length > 0) return { problem: `${missing.join(', ')} must be set: name PEM files` };
    const read = (name: TlsName) => readOne(`${section}.${name}`, paths[name] ?? '');
    const cert = read('cert');
    const key = read('key');
    const leaf = certificatesIn(cert)[0] as X509Certificate;
    requireValid(cert, leaf, nowMs);
    if (!leaf.checkPrivateKey(privateKeyIn(key))) {
      throw new Problem(key, `does not belong to the certificate ${cert.path}`, 'use the key it was made with');
    }
    if (!paths.ca) return { cert: cert.bytes, key: key.bytes };
    const ca = read('ca');
    requireAuthority(ca, nowMs);
    return { cert: cert.bytes, key: key.bytes, ca: ca.bytes };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: `the files of ${section} can't be used: ${reason}` };
  }
};

interface TlsFile {
  /** The setting that names it. */
  readonly setting: string;
  readonly path: string;
  readonly bytes: Buffer;
}

/** What is wrong with one file. Thrown within this file only. */
class Problem extends Error {
  constructor({ setting, path }: Pick<TlsFile, 'setting' | 'path'>, what: string, mend: string) {
    super(`${setting}: ${path} ${what}: ${mend}`);
  }
}

const readOne = (setting: string, path: string): TlsFile => {
  const file = { setting, path };
  try {
    return { ...file, bytes: readFileSync(path) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new Problem(file, 'does not exist', 'put the file there or mend the path');
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Problem(file, 'may not be read by this user', 'mend its owner or mode');
    }
    throw new Problem(file, `can't be read (${code ?? 'unknown error'})`, 'it must be a regular file');
  }
};

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const certificatesIn = (file: TlsFile): readonly X509Certificate[] => {
  try {
    const pems = file.bytes.toString('latin1').match(PEM_CERTIFICATE) ?? [];
    if (pems.length > 0) return pems.map((pem) => new X509Certificate(pem));
  } catch {
    // Said below: to the reader it makes no difference how it fails to be one.
  }
  throw new Problem(file, 'holds no readable PEM certificate', 'it must begin with -----BEGIN CERTIFICATE-----');
};

const privateKeyIn = (file: TlsFile): KeyObject => {
  try {
    return createPrivateKey(file.bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE') {
      throw new Problem(file, 'is encrypted', 'give a key without a passphrase');
    }
    throw new Problem(file, 'holds no readable PEM private key', 'it must begin with -----BEGIN PRIVATE KEY-----');
  }
};

/** A bundle may hold authorities that have had their day, as it does while they are being renewed, but not those alone. */
const requireAuthority = (ca: TlsFile, nowMs: number): void => {
  const authorities = certificatesIn(ca);
  const usable = authorities.find((authority) => isValid(authority, nowMs)) ?? authorities.at(-1);
  requireValid(ca, usable as X509Certificate, nowMs);
};

const isValid = (certificate: X509Certificate, nowMs: number): boolean =>
  Date.parse(certificate.validFrom) <= nowMs && nowMs <= Date.parse(certificate.validTo);

const requireValid = (file: TlsFile, certificate: X509Certificate, nowMs: number): void => {
  if (nowMs > Date.parse(certificate.validTo)) {
    throw new Problem(file, `expired on ${certificate.validTo}`, 'renew it');
  }
  if (nowMs < Date.parse(certificate.validFrom)) {
    throw new Problem(file, `is not valid before ${certificate.validFrom}`, "check this machine's clock");
  }
};
