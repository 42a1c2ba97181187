import { Counter, Gauge, type Registry } from '../../platform/metrics.ts';
import type { Accounts } from '../../stream/bounded.ts';
import { WORTHS } from './worth.ts';

/** Shows the queue's accounts as metrics. They are read when asked for, so that a record costs nothing. */
export const registerQueueMetrics = (registry: Registry, accounts: Accounts, capacity: number): void => {
  const registers = [registry];
  new Gauge({
    name: 'creance_queue_records',
    help: 'Records held between the source and the pipeline.',
    registers,
    collect() {
      this.set(accounts.held);
    },
  });
  new Gauge({
    name: 'creance_queue_capacity',
    help: 'The most records that the queue holds.',
    registers,
  }).set(capacity);
  new Counter({
    name: 'creance_queue_received_total',
    help: 'Records that entered the queue.',
    registers,
    collect() {
      this.reset();
      this.inc(accounts.received);
    },
  });
  new Counter({
    name: 'creance_queue_passed_total',
    help: 'Records that the pipeline took from the queue.',
    registers,
    collect() {
      this.reset();
      this.inc(accounts.passed);
    },
  });
  new Counter({
    name: 'creance_queue_shed_total',
    help: 'Records shed because the queue was full, by what they were worth.',
    labelNames: ['worth'],
    registers,
    collect() {
      this.reset();
      WORTHS.forEach((worth, rank) => {
        this.inc({ worth }, accounts.shed[rank] ?? 0);
      });
    },
  });
};
