import { pino } from 'pino';
import { prepareKnowledge } from '../../src/app/knowledge.ts';
import { watch } from '../../src/app/watch.ts';
import { loadConfig } from '../../src/config.ts';
import type { Alert } from '../../src/model/alert.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { type Clock, systemClock } from '../../src/platform/clock.ts';
import type { HealthReport } from '../../src/platform/health.ts';
import type { CloseFailure } from '../../src/platform/lifecycle.ts';
import { until } from '../support/until.ts';
import { type LogLine, sumOf } from './fault.ts';

/** A running `creance watch`, and all that it tells of itself. */
export interface Service {
  readonly log: readonly LogLine[];
  readonly verdicts: readonly Verdict[];
  readonly alerts: readonly Alert[];
  readyz(): Promise<HealthReport>;
  /** The status of `/livez`. */
  livez(): Promise<number>;
  metrics(): Promise<string>;
  metric(name: string): Promise<number>;
  /** Where it listens for Falco's `http_output`. */
  intake(): Promise<string>;
  ended(sessions: number): Promise<unknown>;
  stop(): Promise<readonly CloseFailure[]>;
}

/** Starts the service in this process, on free ports of loopback. */
export const startService = async (
  settings: Readonly<Record<string, string>>,
  clock: Clock = systemClock,
): Promise<Service> => {
  const defaults = { 'server.listen': '127.0.0.1:0', store: 'memory:', 'alert.flushMs': '2000' };
  const flags = Object.entries({ ...defaults, ...settings }).map(([key, value]) => ({ flag: '--set', key, value }));
  const loaded = loadConfig({ env: {}, flags, cwd: '/' });
  if (!loaded.ok) throw new Error(loaded.message);
  const log: LogLine[] = [];
  const verdicts: Verdict[] = [];
  const alerts: Alert[] = [];
  const stop = new AbortController();
  const deps = {
    config: loaded.config,
    log: pino({}, { write: (line) => log.push(JSON.parse(line)) }),
    signal: stop.signal,
    clock,
  };
  let address = '';
  const running = watch(await prepareKnowledge(deps), deps, {
    onVerdict: (verdict) => verdicts.push(verdict),
    onAlert: (alert) => alerts.push(alert),
    onListening: (url) => {
      address = url;
    },
  });
  running.catch(() => {});
  await until(() => address !== '');
  const ask = (path: string) => fetch(`${address}/${path}`);
  const readyz = async () => (await (await ask('readyz')).json()) as HealthReport;
  const metrics = async () => (await ask('metrics')).text();
  const isOver = ({ ended }: Verdict) => ended;
  return {
    log,
    verdicts,
    alerts,
    readyz,
    livez: async () => (await ask('livez')).status,
    metrics,
    metric: async (name) => sumOf(await metrics(), name),
    intake: () => until(async () => /http:\S+/.exec((await readyz()).components.source?.detail ?? '')?.[0]),
    ended: (sessions) => until(() => verdicts.filter(isOver).length === sessions, { timeoutMs: 20_000 }),
    stop: () => {
      stop.abort();
      return running;
    },
  };
};
