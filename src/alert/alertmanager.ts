import type { Alert, Receipt } from '../model/alert.ts';
import { Backoff } from '../platform/backoff.ts';
import { type Clock, sleep, steadyDate } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Registry } from '../platform/metrics.ts';
import { printable } from '../platform/printable.ts';
import type { AlertConfig } from './config.ts';
import { DiscoveredSink } from './discovered.ts';
import { HttpClient } from './http/client.ts';
import { type Endpoint, endpointOf } from './http/endpoint.ts';
import { createLookupMetrics } from './http/metrics.ts';
import { type PostResult, post } from './http/post.ts';
import { type ResolveSrv, resolveSrv, srvNameOf } from './http/srv.ts';
import { type Entry, Ledger } from './ledger.ts';
import { createDeliveryMetrics, type DeliveryMetrics } from './metrics.ts';
import type { Report, Sink } from './sink.ts';
import { toWire } from './wire.ts';

export interface DeliveryDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly registry: Registry;
}

const BACKOFF = { initialMs: 500, maxMs: 30_000 };
const MAX_REASON_BYTES = 512;

/** One sink for each Alertmanager of the config, or for all that one SRV name stands for. */
export const alertmanagerSinks = (
  config: AlertConfig,
  deps: DeliveryDeps,
  resolve: ResolveSrv = resolveSrv,
): readonly Sink[] => {
  const metrics = createDeliveryMetrics(deps.registry);
  const lookups = createLookupMetrics(deps.registry);
  const one = (url: string) => new AlertmanagerSink(endpointOf(url), config, deps, metrics);
  return config.alertmanagers.map((address) => {
    const srv = srvNameOf(address);
    return srv ? new DiscoveredSink(srv, config, { ...deps, metrics: lookups, resolve, create: one }) : one(address);
  });
};

/**
 * Keeps one Alertmanager told of every alert: one request in flight, tried again until it is accepted, and everything
 * that fires sent again at an interval, so that neither an Alertmanager that restarts nor a lost request leaves it wrong.
 */
export class AlertmanagerSink implements Sink {
  readonly name: string;
  readonly repeats = true;
  readonly #endpoint: Endpoint;
  readonly #config: AlertConfig;
  readonly #log: Logger;
  readonly #clock: Clock;
  /** Set back, the date would end what fires and give alerts another beginning. */
  readonly #date: () => bigint;
  readonly #metrics: DeliveryMetrics;
  readonly #ledger: Ledger;
  readonly #backoff = new Backoff(BACKOFF);
  readonly #client: HttpClient;
  /** The request in flight and the wait between two, each to be cut short. */
  #request = new AbortController();
  #pause = new AbortController();
  #stopped = false;
  #draining: Promise<void> | undefined;
  #cancelResend = () => {};
  #report: Report = () => {};
  /** Alerts lost since the queue overflowed, and requests that failed since one was accepted. */
  #lost = 0;
  #failures = 0;

  constructor(endpoint: Endpoint, config: AlertConfig, deps: DeliveryDeps, metrics: DeliveryMetrics) {
    const { log, clock, registry } = deps;
    this.name = endpoint.name;
    this.#endpoint = endpoint;
    this.#config = config;
    this.#log = log.child({ alertmanager: endpoint.name });
    this.#clock = clock;
    this.#date = steadyDate(clock);
    this.#metrics = metrics;
    this.#ledger = new Ledger(config);
    this.#client = new HttpClient(config.http, { log: this.#log, clock, registry, section: 'alert.http' });
  }

  open(report: Report): void {
    this.#report = report;
    this.#metrics.queueCapacity.labels(this.name).set(this.#config.queueCapacity);
    this.#metrics.queueLength.labels(this.name).set(0);
    this.#cancelResend = this.#clock.every(this.#config.resendMs, () => {
      this.#ledger.resend(this.#date());
      this.#wake();
    });
  }

  take(alert: Alert): void {
    this.#metrics.taken.labels(this.name).inc();
    if (this.#stopped) {
      this.#receipt('dropped', 1);
      return;
    }
    const { superseded, dropped, forgotten } = this.#ledger.put(alert);
    this.#lost += dropped + forgotten;
    this.#metrics.superseded.labels(this.name).inc(superseded);
    this.#metrics.forgotten.labels(this.name).inc(forgotten);
    this.#receipt('dropped', dropped);
    this.#wake();
  }

  async close(deadlineMs: number): Promise<void> {
    this.#cancelResend();
    const cancelDeadline = this.#clock.after(deadlineMs, () => this.#stop());
    this.#backoff.reset();
    this.#pause.abort();
    this.#wake();
    await this.#draining;
    cancelDeadline();
    this.#stop();
    const lost = this.#ledger.abandon();
    if (lost > 0) this.#log.error({ lost }, 'alerts were not delivered before the end');
    this.#receipt('dropped', lost);
    this.#metrics.queueLength.labels(this.name).set(0);
    await this.#client.destroy();
  }

  #stop(): void {
    this.#stopped = true;
    this.#request.abort();
    this.#pause.abort();
  }

  #wake(): void {
    this.#metrics.queueLength.labels(this.name).set(this.#ledger.due);
    this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    await undefined; // what arrives in one burst leaves in one batch
    while (this.#ledger.due > 0 && !this.#stopped) {
      await this.#attempt(this.#ledger.peek(this.#config.batchSize));
      this.#metrics.queueLength.labels(this.name).set(this.#ledger.due);
    }
    this.#endOverflow();
    this.#draining = undefined; // in the turn that saw the queue empty, or an alert taken in between would wait
  }

  async #attempt(batch: readonly Entry[]): Promise<void> {
    const now = this.#date();
    const begun = this.#clock.monotonic();
    const body = JSON.stringify(batch.map((entry) => toWire(entry.alert, this.#ledger.spanAt(entry, now))));
    const result = await this.#post(body);
    this.#metrics.latency.labels(this.name).observe(Number(this.#clock.monotonic() - begun) / 1e9);
    if (result.kind !== 'success') this.#metrics.errors.labels(this.name).inc();
    switch (result.kind) {
      case 'success':
        this.#recovered();
        this.#metrics.sent.labels(this.name).inc(batch.length);
        return this.#settle('delivered', this.#ledger.accepted(batch, now));
      case 'retryable':
        return this.#retryLater(result.reason, result.afterMs);
      case 'failure':
        return this.#refused(batch, result);
    }
  }

  async #post(body: string): Promise<PostResult> {
    this.#request = new AbortController();
    if (this.#stopped) this.#request.abort();
    const { signal } = this.#request;
    const cancelTimeout = this.#clock.after(this.#config.timeoutMs, () => this.#request.abort());
    const result = await post(this.#endpoint, body, { client: this.#client, signal, now: this.#clock.now() });
    cancelTimeout();
    return result;
  }

  async #retryLater(reason: string, afterMs: number | undefined): Promise<void> {
    if (this.#stopped) return;
    if (this.#failures === 0) this.#log.warn({ reason: clean(reason) }, 'Alertmanager does not take alerts; trying on');
    this.#failures += 1;
    this.#pause = new AbortController();
    const asked = afterMs === undefined ? 0 : Math.min(afterMs, this.#config.resendMs);
    await sleep(this.#clock, Math.max(asked, this.#backoff.next()), this.#pause.signal);
  }

  /** Halves the batch until the bad alert stands alone, so that the good ones beside it are still repeated. */
  async #refused(batch: readonly Entry[], { reason, divisible }: PostResult & { kind: 'failure' }): Promise<void> {
    if (divisible && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.#attempt(batch.slice(0, middle));
      return this.#attempt(batch.slice(middle));
    }
    this.#log.error({ reason: clean(reason), alerts: batch.length }, 'Alertmanager refused alerts');
    if (!divisible) return this.#ledger.postpone(batch);
    const news = batch.filter((entry) => this.#ledger.discard(entry));
    this.#settle(
      'rejected',
      news.map(({ alert }) => alert),
    );
  }

  #recovered(): void {
    this.#backoff.reset();
    if (this.#failures > 0) this.#log.info({ failures: this.#failures }, 'Alertmanager takes alerts again');
    this.#failures = 0;
  }

  #endOverflow(): void {
    if (this.#lost > 0) this.#log.error({ lost: this.#lost }, 'alert queue overflowed; the oldest alerts were dropped');
    this.#lost = 0;
  }

  #settle(outcome: Receipt['outcome'], alerts: readonly Alert[]): void {
    this.#receipt(outcome, alerts.length, alerts);
  }

  #receipt(outcome: Receipt['outcome'], count: number, settled: readonly Alert[] = []): void {
    if (count === 0) return;
    this.#metrics[outcome].labels(this.name).inc(count);
    this.#report({ type: 'receipt', sink: this.name, outcome, count }, settled);
  }
}

const clean = (reason: string): string => printable(reason, MAX_REASON_BYTES);
