import { Counter, Gauge, type Registry } from '../../platform/metrics.ts';

/** The figures of what outlives the process. Made once for each registry. */
export const createSpoolMetrics = (registry: Registry) => {
  const about = (name: string, help: string) => ({ name: `creance_spool_${name}`, help, registers: [registry] });
  return {
    alerts: new Gauge(about('alerts', 'Alerts that a new process would go on with.')),
    errors: new Counter(about('errors_total', 'Times that alerts could not be kept, those tried again included.')),
    dropped: new Counter(about('dropped_total', 'Alerts no longer kept because there were too many.')),
  };
};
export type SpoolMetrics = ReturnType<typeof createSpoolMetrics>;
