import { Observable, type Subscriber } from 'rxjs';
import type { Gap } from '../model/flow.ts';
import type { RawRecord } from '../model/record.ts';
import { ms } from '../model/time.ts';
import { Backoff } from '../platform/backoff.ts';
import { sleep } from '../platform/clock.ts';
import { missingTlsSettings } from '../platform/tls-files.ts';
import type { SourceConfig } from './config.ts';
import { type GrpcAddress, parseGrpcAddress } from './grpc/address.ts';
import { type ConnectionEvents, createConnector } from './grpc/connection.ts';
import { createContinuity } from './grpc/continuity.ts';
import { createEpisodes } from './grpc/episodes.ts';
import { createSourceMetrics } from './metrics.ts';
import type { SourceDeps } from './source.ts';

/**
 * Falco's gRPC output (Falco up to 0.43) as records, for ever: whatever ends a connection, the next follows.
 *
 * Where events were lost, a `Gap` of cause `disconnect` stands in their place. Completes when `deps.stop` aborts, after what
 * was under way has come; unsubscribing cancels at once. Errors only for settings with which no connection can ever be made.
 */
export const grpcSource = (config: SourceConfig, deps: SourceDeps): Observable<RawRecord> =>
  new Observable((subscriber) => {
    const address = parseGrpcAddress(config.url);
    if (!address) return subscriber.error(new Error(`source.url: ${config.url} is no address of a gRPC output`));
    const missing = address.kind === 'tls' ? missingTlsSettings('source.grpc.tls', config.grpc.tls) : [];
    if (missing.length > 0) {
      const text = `${missing.join(', ')} must be set: Falco serves gRPC over TCP with mutual TLS only`;
      return subscriber.error(new Error(text));
    }
    const abandoned = new AbortController();
    run(address, config, deps, abandoned.signal, subscriber).catch((bug) => subscriber.error(bug));
    return () => abandoned.abort();
  });

const run = async (
  address: GrpcAddress,
  config: SourceConfig,
  deps: SourceDeps,
  abandoned: AbortSignal,
  subscriber: Subscriber<RawRecord>,
): Promise<void> => {
  const { clock, log, registry, health } = deps;
  const { reconnectMinMs, reconnectMaxMs } = config.grpc;
  const metrics = createSourceMetrics(registry);
  const received = metrics.records.labels('grpc');
  const episodes = createEpisodes(log, clock);
  const continuity = createContinuity(() => clock.now());
  const backoff = new Backoff({ initialMs: reconnectMinMs, maxMs: reconnectMaxMs });
  const leaving = AbortSignal.any([deps.stop, abandoned]);
  let previousIdentity: string | undefined;
  let connectedAt = 0n;

  const emitGap = (gap: Gap | undefined) => {
    if (gap) subscriber.next(gap);
  };

  const events: ConnectionEvents = {
    connected: ({ version, silence }, identity) => {
      const recreated = previousIdentity !== undefined && identity !== previousIdentity;
      previousIdentity = identity;
      connectedAt = clock.monotonic();
      const { version: name = '(unknown version)', engine_version = '' } = version ?? {};
      const whom = `Falco ${name} at ${address.shown}${recreated ? ', whose socket was re-created' : ''}`;
      metrics.connected.set(1);
      metrics.falco.reset();
      metrics.falco.set({ version: version?.version ?? '', engine_version, transport: 'grpc' }, 1);
      if (silence) log.warn(`Falco does not tell its version: ${silence}`);
      episodes.connected(whom);
      health?.(true, `connected to ${whom}`);
    },
    event: (bytes) => {
      emitGap(continuity.onEvent(bytes));
      received.inc();
      subscriber.next({ type: 'proto', bytes });
    },
    disconnected: (complete) => {
      metrics.connected.set(0);
      if (!complete) continuity.broken();
      // One that drops each connection at once is not hurried; one that held is.
      if (clock.monotonic() - connectedAt >= ms(reconnectMaxMs)) backoff.reset();
    },
  };

  const connect = createConnector(address, config, { clock, log, registry, leaving, abandoned }, events);
  while (!leaving.aborted) {
    const ending = await connect();
    if (!ending || leaving.aborted) break;
    health?.(false, ending.detail);
    episodes.failed(ending);
    await sleep(clock, backoff.next(), leaving);
    if (!leaving.aborted) metrics.countReconnect(ending.reason);
  }
  metrics.connected.set(0);
  emitGap(continuity.onEnd());
  subscriber.complete();
};
