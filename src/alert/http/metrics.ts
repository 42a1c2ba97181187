import { Counter, type Registry } from '../../platform/metrics.ts';

/** How receivers that stand behind a name are found. Made once for each registry. */
export const createLookupMetrics = (registry: Registry) => ({
  errors: new Counter({
    name: 'creance_alertmanager_lookup_errors_total',
    help: 'Times that the SRV name of Alertmanagers could not be looked up, or stood for none.',
    labelNames: ['alertmanager'] as const,
    registers: [registry],
  }),
});
export type LookupMetrics = ReturnType<typeof createLookupMetrics>;
