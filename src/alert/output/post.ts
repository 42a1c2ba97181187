import type { Alert, Receipt } from '../../model/alert.ts';
import { Backoff } from '../../platform/backoff.ts';
import { type Clock, sleep } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Registry } from '../../platform/metrics.ts';
import { printable } from '../../platform/printable.ts';
import { HttpClient } from '../http/client.ts';
import type { HttpConfig } from '../http/config.ts';
import { type Endpoint, receiverOf } from '../http/endpoint.ts';
import { type Classify, type PostResult, post } from '../http/post.ts';
import type { Report, Sink } from '../sink.ts';
import type { OutputMetrics } from './metrics.ts';

export interface PostOptions {
  readonly kind: 'webhook' | 'falco' | 'otlp';
  readonly url: string;
  readonly http: HttpConfig;
  readonly contentType: string;
  /** False for alerts that the receiver shall not get. */
  readonly wants?: (alert: Alert) => boolean;
  readonly render: (alert: Alert) => string;
  /** By default what HTTP says of an answer. */
  readonly classify?: Classify;
  readonly queueCapacity: number;
  readonly timeoutMs: number;
  /** Longest that a `Retry-After` is heeded. In milliseconds. */
  readonly longestMs: number;
}

export interface PostDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly metrics: OutputMetrics;
}

/** Posts alerts one at a time and in order, each until it is taken or refused for good. A full queue loses its oldest. */
export class PostSink implements Sink {
  readonly name: string;
  readonly #options: PostOptions;
  readonly #deps: PostDeps;
  readonly #endpoint: Endpoint;
  readonly #client: HttpClient;
  readonly #backoff = new Backoff({ initialMs: 500, maxMs: 30_000 });
  readonly #queue: Alert[] = [];
  #request = new AbortController();
  #pause = new AbortController();
  #draining: Promise<void> | undefined;
  #stopped = false;
  #failing = false;
  #report: Report = () => {};

  constructor(options: PostOptions, deps: PostDeps) {
    this.#endpoint = receiverOf(options.url);
    this.name = `${options.kind} ${this.#endpoint.name}`;
    this.#options = options;
    this.#deps = { ...deps, log: deps.log.child({ sink: this.name }) };
    this.#client = new HttpClient(options.http, { ...this.#deps, section: `alert.${options.kind}.http` });
  }

  open(report: Report): void {
    this.#report = report;
  }

  take(alert: Alert): void {
    if (this.#stopped) this.#tell('dropped', 1);
    else if (this.#options.wants?.(alert) ?? true) this.#enqueue(alert);
    else this.#report(this.#receipt('delivered', 0), [alert]);
  }

  #enqueue(alert: Alert): void {
    this.#queue.push(alert);
    if (this.#queue.length > this.#options.queueCapacity) {
      this.#queue.shift();
      this.#tell('dropped', 1);
    }
    this.#draining ??= this.#drain();
  }

  async close(deadlineMs: number): Promise<void> {
    const stop = () => {
      this.#stopped = true;
      this.#request.abort();
      this.#pause.abort();
    };
    const cancel = this.#deps.clock.after(deadlineMs, stop);
    // What time is left shall not be spent waiting.
    this.#backoff.reset();
    this.#pause.abort();
    await this.#draining;
    cancel();
    stop();
    this.#tell('dropped', this.#queue.splice(0).length);
    await this.#client.destroy();
  }

  async #drain(): Promise<void> {
    await undefined;
    for (let alert = this.#queue[0]; alert && !this.#stopped; alert = this.#queue[0]) {
      const result = await this.#send(alert);
      if (result.kind !== 'success') this.#deps.metrics.errors.inc({ sink: this.#options.kind });
      if (result.kind === 'retryable') await this.#wait(result);
      else this.#done(alert, result);
    }
    this.#draining = undefined;
  }

  async #send(alert: Alert): Promise<PostResult> {
    const { clock } = this.#deps;
    const { contentType, timeoutMs, render, classify } = this.#options;
    this.#request = new AbortController();
    const { signal } = this.#request;
    const cancel = clock.after(timeoutMs, () => this.#request.abort());
    try {
      const how = { client: this.#client, signal, now: clock.now(), contentType, ...(classify && { classify }) };
      return await post(this.#endpoint, render(alert), how);
    } catch (error) {
      return { kind: 'failure', reason: String(error), divisible: true }; // a template that fails on this alert
    } finally {
      cancel();
    }
  }

  async #wait({ reason, afterMs = 0 }: PostResult & { kind: 'retryable' }): Promise<void> {
    if (this.#stopped) return;
    if (!this.#failing)
      this.#deps.log.warn({ reason: printable(reason, 512) }, 'receiver does not take alerts; trying on');
    this.#failing = true;
    this.#pause = new AbortController();
    const pauseMs = Math.max(Math.min(afterMs, this.#options.longestMs), this.#backoff.next());
    await sleep(this.#deps.clock, pauseMs, this.#pause.signal);
  }

  #done(alert: Alert, result: Exclude<PostResult, { kind: 'retryable' }>): void {
    if (this.#queue[0] === alert) this.#queue.shift(); // else it went to make room while it was on its way
    this.#backoff.reset();
    if (result.kind === 'success') {
      if (this.#failing) this.#deps.log.info('receiver takes alerts again');
      this.#failing = false;
      this.#tell('delivered', 1, [alert]);
    } else {
      this.#deps.log.error({ reason: printable(result.reason, 512) }, 'receiver refused an alert');
      this.#tell('rejected', 1, result.divisible ? [alert] : []);
    }
  }

  #receipt(outcome: Receipt['outcome'], count: number): Receipt {
    return { type: 'receipt', sink: this.name, outcome, count };
  }

  #tell(outcome: Receipt['outcome'], count: number, settled: readonly Alert[] = []): void {
    if (count === 0) return;
    this.#deps.metrics.alerts.inc({ sink: this.#options.kind, outcome }, count);
    this.#report(this.#receipt(outcome, count), settled);
  }
}
