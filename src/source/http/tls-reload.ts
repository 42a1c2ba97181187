import type { Server } from 'node:https';
import { NANOS_PER_MS } from '../../model/time.ts';
import { readTlsFiles, type TlsMaterial } from '../../platform/tls-files.ts';
import { tlsReloads } from '../../platform/tls-reloads.ts';
import type { SourceConfig } from '../config.ts';
import type { SourceDeps } from '../source.ts';

/** Certificates are renewed hours before they expire, and the files are three small ones. */
const CHECK_MS = 10_000;

const SECTION = 'source.http.tls';

/**
 * Reads the TLS files again and again and gives the server what has changed; connections that are open keep what they have.
 * What cannot be used, as when the certificate is new and its key is still to come, is told once, and the old stays. Content
 * is compared, not times: Kubernetes swaps a symbolic link above the files. The result ends it.
 */
export const keepTlsFresh = (
  server: Server,
  config: SourceConfig,
  deps: SourceDeps,
  initial: TlsMaterial,
): (() => void) => {
  const reloads = tlsReloads(deps.registry, SECTION);
  let current = initial;
  let told: string | undefined;
  return deps.clock.every(CHECK_MS, () => {
    const read = readTlsFiles(SECTION, config.http.tls, Number(deps.clock.now() / NANOS_PER_MS));
    if ('problem' in read) {
      if (read.problem === told) return;
      told = read.problem;
      reloads('failed');
      deps.log.error(`kept the TLS files as they were: ${read.problem}`);
    } else if (!same(read, current)) {
      server.setSecureContext({ ...read });
      current = read;
      told = undefined;
      reloads('done');
      deps.log.info('took the changed TLS files into use');
    }
  });
};

const same = (one: TlsMaterial, other: TlsMaterial): boolean =>
  (['cert', 'key', 'ca'] as const).every((name) => Buffer.compare(one[name] ?? NONE, other[name] ?? NONE) === 0);

const NONE = Buffer.alloc(0);
