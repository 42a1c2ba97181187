import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import type { SourceConfig } from '../config.ts';

type TlsFiles = SourceConfig['http']['tls'];

/** The PEM texts of a server; with `ca`, clients must show a certificate that it signed. */
export interface TlsMaterial extends SecureContextOptions {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/**
 * Reads and checks the TLS files, undefined when there are none. Synchronous: it runs at the start and when a file has changed.
 * @throws an Error that names the file, the setting and the mend.
 */
export const loadTls = (files: TlsFiles): TlsMaterial | undefined => {
  if (files.cert === undefined && files.key === undefined && files.ca === undefined) return undefined;
  if (files.cert === undefined)
    throw new Error('source.http.tls.cert is missing: name the PEM file of our certificate');
  if (files.key === undefined)
    throw new Error('source.http.tls.key is missing: name the PEM file of the certificate’s key');
  const cert = readPem(files.cert, 'cert');
  const key = readPem(files.key, 'key');
  const certificate = parse(files.cert, 'cert', 'a certificate', () => new X509Certificate(cert));
  const privateKey = parse(files.key, 'key', 'a private key without a passphrase', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new Error(
      `${files.key} (source.http.tls.key) is not the key of the certificate in ${files.cert} (source.http.tls.cert): ` +
        'take both from the same pair',
    );
  }
  if (files.ca === undefined) return { cert, key };
  const ca = readPem(files.ca, 'ca');
  parse(files.ca, 'ca', 'a certificate', () => new X509Certificate(ca));
  return { cert, key, ca };
};

const readPem = (path: string, setting: keyof TlsFiles): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const mend =
      code === 'ENOENT'
        ? 'there is no such file; correct the path or create it'
        : code === 'EACCES'
          ? 'it may not be read; give this user the right to read it'
          : `${code}; name a PEM file`;
    throw new Error(`cannot read ${path} (source.http.tls.${setting}): ${mend}`, { cause: error });
  }
};

const parse = <T>(path: string, setting: keyof TlsFiles, noun: string, make: () => T): T => {
  try {
    return make();
  } catch (cause) {
    throw new Error(`${path} (source.http.tls.${setting}) does not hold ${noun} in PEM: replace the file`, { cause });
  }
};
