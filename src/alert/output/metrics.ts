import { Counter, type Registry } from '../../platform/metrics.ts';

/** What became of alerts at the outputs besides Alertmanager. Made once for each registry. */
export const createOutputMetrics = (registry: Registry) => ({
  alerts: new Counter({
    name: 'creance_output_alerts_total',
    help: 'States of alerts by output (file, webhook, falco, otlp, incidents) and what became of them (delivered, rejected, dropped, superseded by a newer one).',
    labelNames: ['sink', 'outcome'] as const,
    registers: [registry],
  }),
  errors: new Counter({
    name: 'creance_output_errors_total',
    help: 'Tries to hand an alert to an output (file, webhook, falco, otlp, incidents) that failed, those tried again included.',
    labelNames: ['sink'] as const,
    registers: [registry],
  }),
});
export type OutputMetrics = ReturnType<typeof createOutputMetrics>;
