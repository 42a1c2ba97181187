import type { Server } from 'node:https';
import type { SourceConfig } from '../config.ts';
import type { SourceDeps } from '../source.ts';
import type { HttpMetrics } from './metrics.ts';
import { loadTls, type TlsMaterial } from './tls.ts';

/** Certificates are renewed hours before they expire, and the files are three small ones. */
const CHECK_MS = 10_000;

/**
 * Reads the TLS files again and again and gives the server what has changed; connections that are open keep what they have.
 * What cannot be used, as when the certificate is new and its key is still to come, is told once, and the old stays. Content
 * is compared, not times: Kubernetes swaps a symbolic link above the files. The result ends it.
 */
export const keepTlsFresh = (
  server: Server,
  config: SourceConfig,
  deps: SourceDeps,
  metrics: HttpMetrics,
  initial: TlsMaterial,
): (() => void) => {
  let current = initial;
  let told: string | undefined;
  return deps.clock.every(CHECK_MS, () => {
    try {
      const next = loadTls(config.http.tls);
      if (!next || (next.cert === current.cert && next.key === current.key && next.ca === current.ca)) return;
      server.setSecureContext({ ...next });
      current = next;
      told = undefined;
      metrics.tlsReloads.inc({ outcome: 'done' });
      deps.log.info('took the changed TLS files into use');
    } catch (error) {
      const { message } = error as Error;
      if (message === told) return;
      told = message;
      metrics.tlsReloads.inc({ outcome: 'failed' });
      deps.log.error(`kept the TLS files as they were: ${message}`);
    }
  });
};
