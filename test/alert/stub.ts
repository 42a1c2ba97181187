import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WireAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

export interface StubRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly alerts: readonly WireAlert[];
}

/** How a request is answered; by default with 200. */
export type Answer = (
  response: ServerResponse,
  request: StubRequest & { readonly headers: IncomingHttpHeaders },
) => void;

export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (response) =>
    response.writeHead(code, headers).end(body);
export const reset: Answer = (response) => response.socket?.resetAndDestroy();
export const hang: Answer = () => {};

/** A server in the place of Alertmanager that misbehaves as told. */
export class Stub {
  readonly requests: StubRequest[] = [];
  /** Answers for the next requests, in order; after them comes `always`. */
  readonly next: Answer[] = [];
  always: Answer = status(200);
  /** Requests in flight now, and at most so far. */
  inFlight = 0;
  maxInFlight = 0;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** The rules of the alerts in each request so far. */
  get rules(): readonly (readonly string[])[] {
    return this.requests.map(({ alerts }) => alerts.map(({ labels }) => labels.rule ?? ''));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    response.once('close', () => {
      this.inFlight -= 1;
    });
    const body = (await message.toArray()).join('');
    const { url = '', headers } = message;
    const request = { path: url, authorization: headers.authorization, alerts: JSON.parse(body) as WireAlert[] };
    this.requests.push(request);
    (this.next.shift() ?? this.always)(response, { ...request, headers });
  }
}
