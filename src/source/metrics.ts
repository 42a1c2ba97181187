import type { GapCause } from '../model/flow.ts';
import { Counter, Gauge, type Registry } from '../platform/metrics.ts';
import type { EndReason } from './grpc/ending.ts';

/** How records reach us. A closed set: it is a metric label. */
export type Transport = 'grpc' | 'http' | 'file';

export interface SourceMetrics {
  readonly connected: Gauge;
  readonly records: Counter<'transport'>;
  readonly reconnects: Counter<'reason'>;
  readonly gaps: Counter<'cause'>;
  readonly falco: Gauge<'version' | 'engine_version' | 'transport'>;
  /** Counts one gap; here so that only causes of the closed set become labels. */
  countGap(cause: GapCause): void;
  countReconnect(reason: EndReason): void;
}

const known = new WeakMap<Registry, SourceMetrics>();

/** The metrics that all sources of one registry share; asking again gives the same ones. */
export const createSourceMetrics = (registry: Registry): SourceMetrics => {
  const existing = known.get(registry);
  if (existing) return existing;
  const metrics = register(registry);
  known.set(registry, metrics);
  return metrics;
};

const register = (registry: Registry): SourceMetrics => {
  const registers = [registry];
  const reconnects = new Counter({
    name: 'creance_source_reconnects_total',
    help: 'Times the source set out to connect again, by what had ended or refused the connection before.',
    labelNames: ['reason'],
    registers,
  });
  const gaps = new Counter({
    name: 'creance_source_gaps_total',
    help: 'Stretches of time for which the source knows that events may be missing, by cause.',
    labelNames: ['cause'],
    registers,
  });
  return {
    connected: new Gauge({
      name: 'creance_source_connected',
      help: '1 while the source can receive events.',
      registers,
    }),
    records: new Counter({
      name: 'creance_source_records_total',
      help: 'Records received, whether or not they turn out to be events.',
      labelNames: ['transport'],
      registers,
    }),
    reconnects,
    gaps,
    falco: new Gauge({
      name: 'creance_falco_info',
      help: 'Always 1; the labels tell which Falco is connected.',
      labelNames: ['version', 'engine_version', 'transport'],
      registers,
    }),
    countGap: (cause) => gaps.inc({ cause }),
    countReconnect: (reason) => reconnects.inc({ reason }),
  };
};
