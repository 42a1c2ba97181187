import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { SourceConfig } from '../config.ts';

type TlsPaths = SourceConfig['grpc']['tls'];
type TlsName = keyof TlsPaths;

/** Files that belong together and can be used now. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
}

/** Why the files can't be used, naming the file and the mend. */
export interface TlsProblem {
  readonly problem: string;
}

const NAMES: readonly TlsName[] = ['cert', 'key', 'ca'];

/** The settings that mutual TLS needs and the configuration lacks. */
export const missingTlsSettings = (paths: TlsPaths): readonly string[] =>
  NAMES.filter((name) => !paths[name]).map((name) => `source.grpc.tls.${name}`);

/** Changes whenever one of the files does, through symbolic links too, as Kubernetes swaps them. */
export const tlsStamp = (paths: TlsPaths): string =>
  NAMES.map((name) => {
    const stats = statSync(paths[name] ?? '', { throwIfNoEntry: false });
    return stats ? `${stats.ino}:${stats.mtimeMs}:${stats.size}` : 'none';
  }).join(' ');

/** Reads the files anew and checks all that can be checked without the peer. `nowMs` is the time, in milliseconds. */
export const readTlsFiles = (paths: TlsPaths, nowMs: number): TlsMaterial | TlsProblem => {
  try {
    const read = (name: TlsName) => readOne(name, paths[name] ?? '');
    const [cert, key, ca] = [read('cert'), read('key'), read('ca')];
    const leaf = certificatesIn('cert', cert)[0] as X509Certificate;
    requireValid('cert', cert.path, leaf, nowMs);
    if (!leaf.checkPrivateKey(privateKeyIn(key))) {
      throw new Problem(
        'key',
        key.path,
        `does not belong to the certificate ${cert.path}`,
        'use the key it was made with',
      );
    }
    const authorities = certificatesIn('ca', ca);
    const usable = authorities.find((authority) => isValid(authority, nowMs)) ?? authorities[0];
    requireValid('ca', ca.path, usable as X509Certificate, nowMs);
    return { cert: cert.bytes, key: key.bytes, ca: ca.bytes };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    return {
      problem: `the certificate files can't be used: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
};

interface TlsFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** What is wrong with one file. Thrown within this file only. */
class Problem extends Error {
  constructor(name: TlsName, path: string, what: string, mend: string) {
    super(`source.grpc.tls.${name}: ${path} ${what}: ${mend}`);
  }
}

const readOne = (name: TlsName, path: string): TlsFile => {
  try {
    return { path, bytes: readFileSync(path) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new Problem(name, path, 'does not exist', 'put the file there or mend the path');
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Problem(name, path, 'may not be read by this user', 'mend its owner or mode');
    }
    throw new Problem(name, path, `can't be read (${code ?? 'unknown error'})`, 'it must be a regular file');
  }
};

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const certificatesIn = (name: TlsName, { path, bytes }: TlsFile): readonly X509Certificate[] => {
  try {
    const certificates = (bytes.toString('latin1').match(PEM_CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem));
    if (certificates.length > 0) return certificates;
  } catch {
    // Said below: to the reader it makes no difference how it fails to be one.
  }
  throw new Problem(name, path, 'holds no readable PEM certificate', 'it must begin with -----BEGIN CERTIFICATE-----');
};

const privateKeyIn = ({ path, bytes }: TlsFile): KeyObject => {
  try {
    return createPrivateKey(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE') {
      throw new Problem('key', path, 'is encrypted', 'give a key without a passphrase');
    }
    throw new Problem(
      'key',
      path,
      'holds no readable PEM private key',
      'it must begin with -----BEGIN PRIVATE KEY-----',
    );
  }
};

const isValid = (certificate: X509Certificate, nowMs: number): boolean =>
  Date.parse(certificate.validFrom) <= nowMs && nowMs <= Date.parse(certificate.validTo);

const requireValid = (name: TlsName, path: string, certificate: X509Certificate, nowMs: number): void => {
  if (nowMs > Date.parse(certificate.validTo)) {
    throw new Problem(name, path, `expired on ${certificate.validTo}`, 'renew it');
  }
  if (nowMs < Date.parse(certificate.validFrom)) {
    throw new Problem(name, path, `is not valid before ${certificate.validFrom}`, "check this machine's clock");
  }
};
