import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A PEM file, and where its name comes from. */
export interface TlsFile {
  /** The setting that names it. */
  readonly setting: string;
  readonly path: string;
  readonly bytes: Buffer;
}

/** What is wrong with one file. Caught by who reads it. */
export class Problem extends Error {
  constructor({ setting, path }: Pick<TlsFile, 'setting' | 'path'>, what: string, mend: string) {
    super(`${setting}: ${path} ${what}: ${mend}`);
  }
}

/** The file's content. Throws a Problem. */
export const readOne = (setting: string, path: string): TlsFile => {
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

/** Every certificate of the file, at least one. Throws a Problem. */
export const certificatesIn = (file: TlsFile): readonly X509Certificate[] => {
  try {
    const pems = file.bytes.toString('latin1').match(PEM_CERTIFICATE) ?? [];
    if (pems.length > 0) return pems.map((pem) => new X509Certificate(pem));
  } catch {
    // Said below: to the reader it makes no difference how it fails to be one.
  }
  throw new Problem(file, 'holds no readable PEM certificate', 'it must begin with -----BEGIN CERTIFICATE-----');
};

/** Its private key, which must need no passphrase. Throws a Problem. */
export const privateKeyIn = (file: TlsFile): KeyObject => {
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
export const requireAuthority = (ca: TlsFile, nowMs: number): void => {
  const authorities = certificatesIn(ca);
  const usable = authorities.find((authority) => isValid(authority, nowMs)) ?? authorities.at(-1);
  requireValid(ca, usable as X509Certificate, nowMs);
};

const isValid = (certificate: X509Certificate, nowMs: number): boolean =>
  Date.parse(certificate.validFrom) <= nowMs && nowMs <= Date.parse(certificate.validTo);

/** Throws a Problem when the certificate may not be used at `nowMs`. */
export const requireValid = (file: TlsFile, certificate: X509Certificate, nowMs: number): void => {
  if (nowMs > Date.parse(certificate.validTo)) {
    throw new Problem(file, `expired on ${certificate.validTo}`, 'renew it');
  }
  if (nowMs < Date.parse(certificate.validFrom)) {
    throw new Problem(file, `is not valid before ${certificate.validFrom}`, "check this machine's clock");
  }
};
