import { Counter, Gauge, type Registry } from '../platform/metrics.ts';
import { TallyCounter } from '../platform/tally.ts';
import type { EndReason } from './grpc/ending.ts';

export interface SourceMetrics {
  readonly connected: Gauge;
  readonly records: TallyCounter;
  readonly reconnects: Counter<'reason'>;
  readonly falco: Gauge<'version' | 'engine_version' | 'transport'>;
  /** Here so that only reasons of the closed set become labels. */
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
  return {
    connected: new Gauge({
      name: 'creance_source_connected',
      help: '1 while the source can receive events.',
      registers,
    }),
    records: new TallyCounter({
      name: 'creance_source_records_total',
      help: 'Records received, whether or not they turn out to be events.',
      labelNames: ['transport'],
      registers,
    }),
    reconnects,
    falco: new Gauge({
      name: 'creance_falco_info',
      help: 'Always 1; the labels tell which Falco is connected.',
      labelNames: ['version', 'engine_version', 'transport'],
      registers,
    }),
    countReconnect: (reason) => reconnects.inc({ reason }),
  };
};
