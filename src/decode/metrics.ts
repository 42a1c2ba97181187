import { Counter, type Registry } from '../platform/metrics.ts';

export const createDecodeMetrics = (registry: Registry) => ({
  rejected: new Counter({
    name: 'creance_decode_rejected_total',
    help: 'Records that were no Falco event, by reason.',
    labelNames: ['reason'],
    registers: [registry],
  }),
  falcoDrops: new Counter({
    name: 'creance_falco_drops_total',
    help: 'System calls that Falco itself reported as lost.',
    registers: [registry],
  }),
});
