import { collectDefaultMetrics, Registry } from 'prom-client';

export { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A registry of its own for each app, so that two apps in one process (tests) do not share counters. */
export const createRegistry = (): Registry => new Registry();

/** Adds the process's own figures: CPU, memory, event-loop lag, open file descriptors. */
export const addProcessMetrics = (registry: Registry): void => collectDefaultMetrics({ register: registry });
