import { Counter, type Registry } from './metrics.ts';

/** What became of TLS files that had changed: they are in use, or those before them go on. */
export type TlsReload = 'done' | 'failed';
type Reloads = Counter<'section' | 'outcome'>;

const known = new WeakMap<Registry, Reloads>();

/**
 * Counts what becomes of changed TLS files, once each time it is told so. `section` is the part of the configuration that
 * names them, such as `alert.http.tls`; all of one registry share a metric.
 */
export const tlsReloads = (registry: Registry, section: string): ((outcome: TlsReload) => void) => {
  const reloads = known.get(registry) ?? register(registry);
  known.set(registry, reloads);
  return (outcome) => reloads.inc({ section, outcome });
};

const register = (registry: Registry): Reloads =>
  new Counter({
    name: 'creance_tls_reloads_total',
    help: 'Times that changed TLS files were read again, by what names them in the configuration and outcome (done, failed).',
    labelNames: ['section', 'outcome'] as const,
    registers: [registry],
  });
