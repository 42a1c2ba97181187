import { Counter, Gauge, Histogram, type Registry } from '../platform/metrics.ts';

const labelNames = ['alertmanager'] as const;

/** The figures of delivery, for each Alertmanager by its host and port. Made once for each registry. */
export const createDeliveryMetrics = (registry: Registry) => {
  const about = (name: string, help: string) => ({
    name: `creance_alertmanager_${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  return {
    sent: new Counter(about('sent_total', 'Alerts accepted, repetitions included.')),
    errors: new Counter(about('errors_total', 'Requests that failed, those tried again included.')),
    dropped: new Counter(about('dropped_total', 'Alerts lost to a full queue or at the end of the flush.')),
    rejected: new Counter(about('rejected_total', 'Alerts refused for good.')),
    queueLength: new Gauge(about('queue_length', 'Alerts waiting to be sent.')),
    queueCapacity: new Gauge(about('queue_capacity', 'Alerts held at most.')),
    latency: new Histogram({
      ...about('latency_seconds', 'Time that one request took, failed ones included.'),
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    }),
  };
};
export type DeliveryMetrics = ReturnType<typeof createDeliveryMetrics>;
