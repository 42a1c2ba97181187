import type { Dispatcher } from 'undici';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Registry } from '../../platform/metrics.ts';
import { readClientTlsFiles, tlsStamp } from '../../platform/tls-files.ts';
import { type TlsReload, tlsReloads } from '../../platform/tls-reloads.ts';
import type { HttpConfig } from './config.ts';
import { readAuthorization } from './credentials.ts';
import { loadUndici, type Undici } from './undici.ts';

export interface HttpClientDeps {
  /** Both told of files that changed. */
  readonly log?: Logger;
  readonly registry?: Registry;
  readonly clock: Clock;
  /** The part of the configuration, for messages: `alert.http`. */
  readonly section: string;
}

/** What the next request is made with. */
export interface Prepared {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
}

/** Why no request can be made now. It may be otherwise once a file is mended. */
export interface Unprepared {
  readonly problem: string;
}

/** The connection to one receiver, its certificates and its credentials. Files are looked at before each request. */
export class HttpClient {
  readonly #config: HttpConfig;
  readonly #deps: HttpClientDeps;
  readonly #countReload: (outcome: TlsReload) => void;
  #dispatcher: Dispatcher | undefined;
  #stamp: string | undefined;
  /** What was last told of files that changed for the worse. */
  #told: string | undefined;

  constructor(config: HttpConfig, deps: HttpClientDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#countReload = deps.registry ? tlsReloads(deps.registry, `${deps.section}.tls`) : () => {};
  }

  /** Dispatcher and headers for the next request. `authorization` of the URL outranks what is configured. */
  async prepare(authorization?: string): Promise<Prepared | Unprepared> {
    const undici = await loadUndici();
    const { section } = this.#deps;
    const problem = this.#connect(undici);
    if (!this.#dispatcher) return { problem: problem ?? `${section}.tls can't be used` };
    const configured =
      authorization === undefined ? readAuthorization(section, this.#config) : { value: authorization };
    if (configured.problem !== undefined) return { problem: configured.problem };
    const { value } = configured;
    return {
      dispatcher: this.#dispatcher,
      headers: { ...this.#config.headers, ...(value !== undefined && { authorization: value }) },
    };
  }

  async destroy(): Promise<void> {
    await this.#dispatcher?.destroy();
  }

  /** Connects anew where the TLS files have changed. Files that cannot be used leave the connection as it was. */
  #connect(undici: Undici): string | undefined {
    const { section, clock, log } = this.#deps;
    const { tls } = this.#config;
    const stamp = tlsStamp(tls);
    if (stamp === this.#stamp) return undefined;
    const files = readClientTlsFiles(`${section}.tls`, tls, Number(clock.now() / 1_000_000n));
    if ('problem' in files) {
      if (this.#dispatcher && files.problem !== this.#told) {
        log?.error(`kept the TLS files as they were: ${files.problem}`);
        this.#countReload('failed');
      }
      this.#told = files.problem;
      return files.problem;
    }
    if (this.#dispatcher) {
      log?.info('took the changed TLS files into use');
      this.#countReload('done');
      void this.#dispatcher.close();
    }
    this.#dispatcher = dispatcherOf(undici, this.#config, files);
    this.#stamp = stamp;
    this.#told = undefined;
    return undefined;
  }
}

/** One connection; the time-outs are ours. */
const dispatcherOf = (
  { Agent, EnvHttpProxyAgent }: Undici,
  { proxyFromEnvironment }: HttpConfig,
  tls: object,
): Dispatcher => {
  const options = { connections: 1, headersTimeout: 0, bodyTimeout: 0, connect: tls };
  return proxyFromEnvironment ? new EnvHttpProxyAgent({ ...options, requestTls: tls }) : new Agent(options);
};
