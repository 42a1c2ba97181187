import { z } from 'zod';
import { ms, toIso } from '../model/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { AlertConfig } from './config.ts';
import { ask } from './http/ask.ts';
import { HttpClient } from './http/client.ts';
import { type Endpoint, endpointOf } from './http/endpoint.ts';
import { addressesOf, type ResolveSrv, resolveSrv, srvNameOf } from './http/srv.ts';
import type { Labels } from './labels.ts';

/** Of `/api/v2/alerts`, what tells which alerts there are. */
const held = z.array(z.object({ labels: z.record(z.string(), z.string()) }));

/** Asks every Alertmanager of the configuration what it has been told, and keeps it from telling people. */
export class Arrival {
  readonly #config: AlertConfig;
  readonly #clock: Clock;
  readonly #endpoints: readonly Endpoint[];
  readonly #client: HttpClient;

  constructor(config: AlertConfig, clock: Clock, endpoints: readonly Endpoint[]) {
    this.#config = config;
    this.#clock = clock;
    this.#endpoints = endpoints;
    this.#client = new HttpClient(config.http, { clock, section: 'alert.http' });
  }

  /** Rejects when a name cannot be looked up. */
  static async open(config: AlertConfig, clock: Clock, resolve: ResolveSrv = resolveSrv): Promise<Arrival> {
    const addresses = await Promise.all(
      config.alertmanagers.map(async (address) => {
        const srv = srvNameOf(address);
        return srv ? addressesOf(srv, resolve) : [address];
      }),
    );
    return new Arrival(config, clock, addresses.flat().map(endpointOf));
  }

  /** Host and port of each. */
  get names(): readonly string[] {
    return this.#endpoints.map(({ name }) => name);
  }

  /** A silence of exactly these labels at every Alertmanager, over in `lastsMs`. Rejects when one refuses it. */
  async silence(labels: Labels, lastsMs: number): Promise<void> {
    const now = this.#clock.now();
    const body = {
      matchers: Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true })),
      startsAt: toIso(now),
      endsAt: toIso(now + ms(lastsMs)),
      createdBy: 'creance',
      comment: 'creance selftest: these alerts are a test',
    };
    for (const endpoint of this.#endpoints) {
      const { status, text } = await this.#ask(endpoint, '/api/v2/silences', body);
      if (status !== 200) throw new Error(`${endpoint.name} takes no silence: ${status} ${text.slice(0, 200)}`.trim());
    }
  }

  /** Of these rules, those whose alert an Alertmanager does not have, each with its name. */
  async missing(labels: Labels, rules: readonly string[]): Promise<readonly string[]> {
    const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const path = `/api/v2/alerts?${matchers.map((matcher) => `filter=${encodeURIComponent(matcher)}`).join('&')}`;
    const lists = await Promise.all(
      this.#endpoints.map(async (endpoint) => {
        const { status, text } = await this.#ask(endpoint, path);
        if (status !== 200) throw new Error(`${endpoint.name} does not tell its alerts: ${status}`);
        const there = new Set(held.parse(JSON.parse(text)).map((alert) => alert.labels.rule));
        return rules.filter((rule) => !there.has(rule)).map((rule) => `${endpoint.name} has no alert of ${rule}`);
      }),
    );
    return lists.flat();
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }

  async #ask(endpoint: Endpoint, path: string, body?: object) {
    const { timeoutMs } = this.#config;
    const asking = { client: this.#client, clock: this.#clock, timeoutMs, ...(body && { body }) };
    try {
      return await ask(endpoint, path, asking);
    } catch (error) {
      throw new Error(`${endpoint.name} does not answer: ${(error as Error).message}`);
    }
  }
}
