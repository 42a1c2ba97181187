import { Counter, Gauge, Histogram, type Registry } from '../platform/metrics.ts';

const labelNames = ['alertmanager'] as const;

/**
 * The figures of delivery, for each Alertmanager by its host and port. Made once for each registry. What was taken is what
 * was delivered, superseded, dropped and rejected, and what still waits: each state of an alert counts in one of them.
 */
export const createDeliveryMetrics = (registry: Registry) => {
  const about = (name: string, help: string) => ({
    name: `creance_alertmanager_${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  return {
    taken: new Counter(about('taken_total', 'States of alerts that it shall know.')),
    delivered: new Counter(about('delivered_total', 'States accepted, each counted once.')),
    superseded: new Counter(
      about('superseded_total', 'States that a newer one of the same alert overtook before they were accepted.'),
    ),
    sent: new Counter(about('sent_total', 'Alerts accepted, repetitions included.')),
    errors: new Counter(about('errors_total', 'Requests that failed, those tried again included.')),
    dropped: new Counter(about('dropped_total', 'States lost to a full queue or at the end of the flush.')),
    rejected: new Counter(about('rejected_total', 'States refused for good.')),
    forgotten: new Counter(
      about('forgotten_total', 'Alerts that were delivered and are no longer repeated, to make room for others.'),
    ),
    queueLength: new Gauge(about('queue_length', 'Alerts waiting to be sent.')),
    queueCapacity: new Gauge(about('queue_capacity', 'Alerts held at most.')),
    latency: new Histogram({
      ...about('latency_seconds', 'Time that one request took, failed ones included.'),
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    }),
  };
};
export type DeliveryMetrics = ReturnType<typeof createDeliveryMetrics>;

/** What an earlier process left to this one. Made once for each registry. */
export const createRestoredMetrics = (registry: Registry) => ({
  restored: new Counter({
    name: 'creance_alerts_restored_total',
    help: 'States of alerts that an earlier process left for a sink.',
    labelNames: ['sink'] as const,
    registers: [registry],
  }),
});
