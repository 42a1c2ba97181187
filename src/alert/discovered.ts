import type { Alert } from '../model/alert.ts';
import type { Clock } from '../platform/clock.ts';
import { errorMessage } from '../platform/error-message.ts';
import type { Logger } from '../platform/log.ts';
import { printable } from '../platform/printable.ts';
import type { LookupMetrics } from './http/metrics.ts';
import { addressesOf, type ResolveSrv, type SrvName } from './http/srv.ts';
import { fingerprint } from './labels.ts';
import type { Report, Sink } from './sink.ts';

export interface DiscoveredDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: LookupMetrics;
  readonly resolve: ResolveSrv;
  /** Makes the sink of one address. */
  readonly create: (url: string) => Sink;
}

/** How often the name is looked up, and how often while it stands for nobody. In milliseconds. */
const REFRESH_MS = 30_000;
const EMPTY_MS = 5_000;

/**
 * All the receivers that one SRV name stands for, looked up again and again. One that joins is told of everything that
 * fires; a name that cannot be looked up leaves those that are known. Until the first is found, alerts wait here.
 */
export class DiscoveredSink implements Sink {
  readonly name: string;
  readonly repeats = true;
  readonly #srv: SrvName;
  readonly #capacity: number;
  readonly #deps: DiscoveredDeps;
  readonly #targets = new Map<string, Sink>();
  /** What fires, and what resolved while nobody was there to be told. */
  readonly #alerts = new Map<string, Alert>();
  #report: Report = () => {};
  #cancel = () => {};
  #closed = false;
  #failing = false;

  constructor(srv: SrvName, { queueCapacity }: { readonly queueCapacity: number }, deps: DiscoveredDeps) {
    this.name = srv.name;
    this.#srv = srv;
    this.#capacity = queueCapacity;
    this.#deps = deps;
  }

  open(report: Report): void {
    this.#report = report;
    void this.#refresh();
  }

  take(alert: Alert): void {
    if (this.#closed) {
      this.#drop(1);
      return;
    }
    const key = fingerprint(alert.labels);
    this.#alerts.delete(key);
    if (alert.endsAt === undefined || this.#targets.size === 0) this.#alerts.set(key, alert);
    for (const target of this.#targets.values()) target.take(alert);
    const [oldest] = this.#alerts;
    if (this.#alerts.size <= this.#capacity || !oldest) return;
    this.#alerts.delete(oldest[0]);
    if (this.#targets.size === 0) this.#drop(1);
  }

  async close(deadlineMs: number): Promise<void> {
    this.#closed = true;
    this.#cancel();
    if (this.#targets.size === 0) this.#drop(this.#alerts.size);
    await Promise.all([...this.#targets.values()].map((target) => target.close(deadlineMs)));
  }

  async #refresh(): Promise<void> {
    const { clock, log, metrics, resolve } = this.#deps;
    try {
      this.#replace(await addressesOf(this.#srv, resolve));
      if (this.#failing) log.info({ alertmanagers: this.#targets.size }, 'the SRV name can be looked up again');
      this.#failing = false;
    } catch (error) {
      metrics.errors.inc({ alertmanager: this.name });
      const reason = printable(errorMessage(error), 512);
      if (!this.#failing)
        log.warn({ name: this.name, reason, known: this.#targets.size }, 'cannot look the SRV name up');
      this.#failing = true;
    }
    if (this.#closed) return;
    this.#cancel = clock.after(this.#targets.size === 0 ? EMPTY_MS : REFRESH_MS, () => void this.#refresh());
  }

  #replace(addresses: readonly string[]): void {
    if (this.#closed) return;
    for (const [address, target] of this.#targets) {
      if (addresses.includes(address)) continue;
      this.#targets.delete(address);
      this.#deps.log.info({ alertmanager: target.name }, 'an Alertmanager left');
      void target.close(0);
    }
    for (const address of addresses) {
      if (this.#targets.has(address)) continue;
      const target = this.#deps.create(address);
      this.#targets.set(address, target);
      target.open((receipt, settled) => this.#report({ ...receipt, sink: this.name }, settled));
      this.#deps.log.info({ alertmanager: target.name }, 'an Alertmanager joined');
      for (const alert of this.#alerts.values()) target.take(alert);
    }
    for (const [key, { endsAt }] of this.#alerts) if (endsAt !== undefined) this.#alerts.delete(key);
  }

  #drop(count: number): void {
    if (count > 0) this.#report({ type: 'receipt', sink: this.name, outcome: 'dropped', count });
  }
}
