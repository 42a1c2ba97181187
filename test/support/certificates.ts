import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as files. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface IssueOptions {
  /** Subject alternative names, in OpenSSL's form. */
  readonly names?: string;
  /** Days until it expires; negative for one that has expired already. */
  readonly days?: number;
}

/** A certificate authority that lives in a temporary folder and is gone with the process. */
export interface Authority {
  readonly dir: string;
  /** Its own certificate, a file. */
  readonly ca: string;
  issue(name: string, options?: IssueOptions): Issued;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Makes an authority, with the `openssl` command. */
export const createAuthority = (): Authority => {
  const dir = mkdtempSync(join(tmpdir(), 'creance-certificates-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  openssl('req', '-x509', ...EC, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test authority', '-days', '2');
  let serial = 1;
  return {
    dir,
    ca: join(dir, 'ca.crt'),
    issue: (name, { names = 'DNS:localhost,IP:127.0.0.1', days = 2 } = {}) => {
      const [cert, key] = [`${name}.crt`, `${name}.key`];
      const addext = ['-addext', `subjectAltName=${names}`];
      openssl('req', '-new', ...EC, '-keyout', key, '-out', 'request.csr', '-subj', `/CN=${name}`, ...addext);
      serial += 1;
      const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-set_serial', String(serial), '-copy_extensions', 'copy'];
      openssl('x509', '-req', '-in', 'request.csr', ...by, '-days', String(days), '-out', cert);
      return { cert: join(dir, cert), key: join(dir, key) };
    },
  };
};
