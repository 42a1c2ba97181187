import { Counter, Gauge, type Registry } from '../../platform/metrics.ts';

/** Why alerts could not be kept: the place cannot be used, or another process has it. A closed set: it is a metric label. */
export const SPOOL_TROUBLES = ['broken', 'taken'] as const;
export type SpoolTrouble = (typeof SPOOL_TROUBLES)[number];

/** The figures of what outlives the process. Made once for each registry. */
export const createSpoolMetrics = (registry: Registry) => {
  const about = (name: string, help: string) => ({ name: `creance_spool_${name}`, help, registers: [registry] });
  const metrics = {
    alerts: new Gauge(about('alerts', 'Alerts that a new process would go on with.')),
    errors: new Counter({
      ...about('errors_total', 'Tries to keep alerts that failed, by cause (broken, taken by another process).'),
      labelNames: ['cause'] as const,
    }),
    damaged: new Counter(about('damaged_total', 'Lines of an earlier process that could not be read.')),
    dropped: new Counter(about('dropped_total', 'Alerts no longer kept because there were too many.')),
  };
  for (const cause of SPOOL_TROUBLES) metrics.errors.inc({ cause }, 0);
  return metrics;
};
export type SpoolMetrics = ReturnType<typeof createSpoolMetrics>;
