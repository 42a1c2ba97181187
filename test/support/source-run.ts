import { pino } from 'pino';
import type { Gap } from '../../src/model/flow.ts';
import type { RawRecord } from '../../src/model/record.ts';
import { type Clock, systemClock } from '../../src/platform/clock.ts';
import { createRegistry, type Registry } from '../../src/platform/metrics.ts';
import { sourceConfig } from '../../src/source/config.ts';
import { grpcSource } from '../../src/source/grpc.ts';
import { numberOf } from './falco-messages.ts';
import { until } from './until.ts';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly reason?: string;
}

/** A gRPC source at work, and what it has brought so far. */
export interface SourceRun {
  readonly records: readonly RawRecord[];
  /** The numbers of the events that came, in their order. */
  readonly numbers: readonly number[];
  readonly gaps: readonly Gap[];
  readonly log: readonly LogLine[];
  readonly health: readonly { readonly ready: boolean; readonly detail: string }[];
  readonly registry: Registry;
  readonly completed: boolean;
  readonly error: unknown;
  /** Waits until it is connected for the `times`-th time. */
  connected(times?: number): Promise<void>;
  /** Asks for a clean end and waits for it. */
  stop(): Promise<void>;
  unsubscribe(): void;
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number | undefined>;
}

/** Pauses that keep tests short. */
const QUICK = { minPollMs: 2, maxPollMs: 20, reconnectMinMs: 10, reconnectMaxMs: 60, drainMs: 500 };

export const runGrpcSource = (url: string, grpc: object = {}, clock: Clock = systemClock): SourceRun => {
  const records: RawRecord[] = [];
  const log: LogLine[] = [];
  const health: { ready: boolean; detail: string }[] = [];
  const registry = createRegistry();
  const stop = new AbortController();
  let completed = false;
  let failure: unknown;
  const config = sourceConfig.parse({ url, grpc: { ...QUICK, ...grpc } });
  const subscription = grpcSource(config, {
    log: pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
    clock,
    registry,
    stop: stop.signal,
    health: (ready, detail) => void health.push({ ready, detail }),
  }).subscribe({
    next: (record) => void records.push(record),
    complete: () => {
      completed = true;
    },
    error: (error) => {
      failure = error;
    },
  });
  return {
    records,
    get numbers() {
      return records.flatMap((record) => (record.type === 'proto' ? [numberOf(record.bytes)] : []));
    },
    get gaps() {
      return records.filter((record) => record.type === 'gap');
    },
    log,
    health,
    registry,
    get completed() {
      return completed;
    },
    get error() {
      return failure;
    },
    connected: async (times = 1) => {
      await until(() => health.filter(({ ready }) => ready).length >= times);
    },
    stop: async () => {
      stop.abort();
      await until(() => completed);
    },
    unsubscribe: () => subscription.unsubscribe(),
    metric: async (name, labels = {}) => {
      const values = (await registry.getSingleMetric(name)?.get())?.values ?? [];
      const matches = values.filter((value) => Object.entries(labels).every(([k, v]) => value.labels[k] === v));
      return matches.length === 0 ? undefined : matches.reduce((sum, { value }) => sum + value, 0);
    },
  };
};
