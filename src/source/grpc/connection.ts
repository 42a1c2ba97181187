import type { StatusObject } from '@grpc/grpc-js';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Registry } from '../../platform/metrics.ts';
import type { SourceConfig } from '../config.ts';
import type { GrpcAddress } from './address.ts';
import type { Ending } from './ending.ts';
import { type Endpoint, openEndpoint } from './endpoint.ts';
import { type EventStream, openEventStream } from './event-stream.ts';
import { createExplainer } from './failure.ts';
import { type Greeting, greet } from './hello.ts';

/** How often the socket file and the certificate files are looked at. */
const WATCH_MS = 1_000;

export interface ConnectionDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
  /** Aborted to end the connection after what is under way has come. */
  readonly leaving: AbortSignal;
  /** Aborted, together with `leaving`, to end it at once. */
  readonly abandoned: AbortSignal;
}

/** What a connection tells while it stands. */
export interface ConnectionEvents {
  connected(greeting: Greeting, identity: string | undefined): void;
  event(bytes: Uint8Array): void;
  /** The connection is over; `complete` when no event can have been lost with it. */
  disconnected(complete: boolean): void;
}

/** Makes one connection after the other, each from the files as they are then. */
export const createConnector = (
  address: GrpcAddress,
  { grpc }: SourceConfig,
  { clock, log, registry, leaving, abandoned }: ConnectionDeps,
  events: ConnectionEvents,
) => {
  const explain = createExplainer(address, grpc.tls);

  const subscribe = async (endpoint: Endpoint): Promise<Ending | undefined> => {
    const stream = openEventStream(endpoint.client, events.event, { ...grpc, clock });
    const ending = await reasonToLeave(endpoint, stream);
    if (abandoned.aborted) {
      stream.cancel();
      return undefined;
    }
    const drained = await stream.drain();
    // After an end of our own making Falco's queue is still there: what did not come this time comes the next.
    const planned = !ending || ending.reason === 'certificate-rotated';
    events.disconnected(planned && drained);
    return ending;
  };

  const reasonToLeave = (endpoint: Endpoint, stream: EventStream): Promise<Ending | undefined> =>
    new Promise((resolve) => {
      const settle = (ending?: Ending) => {
        stopWatch();
        leaving.removeEventListener('abort', leave);
        resolve(ending);
      };
      const leave = () => settle();
      const stopWatch = clock.every(WATCH_MS, () => {
        const ending = endpoint.changed();
        if (ending) settle(ending);
      });
      leaving.addEventListener('abort', leave, { once: true });
      void stream.ended.then((status: StatusObject) => settle(explain(status)));
    });

  /** Connects and stays connected as long as it lasts. Undefined when it ended because we leave. Never rejects but for a bug. */
  return async (): Promise<Ending | undefined> => {
    const endpoint = openEndpoint(address, grpc.tls, { clock, log, registry });
    if ('reason' in endpoint) return endpoint;
    try {
      const greeting = await greet(endpoint.client, clock, leaving);
      if (leaving.aborted) return undefined;
      if ('code' in greeting) return explain(greeting);
      events.connected(greeting, endpoint.identity);
      return await subscribe(endpoint);
    } finally {
      endpoint.client.close();
    }
  };
};
