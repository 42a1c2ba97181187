import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Observable } from 'rxjs';
import type { RawRecord } from '../model/record.ts';
import { NANOS_PER_MS } from '../model/time.ts';
import { readTlsFiles, type TlsMaterial } from '../platform/tls-files.ts';
import { nextTurn } from '../platform/turn.ts';
import type { SourceConfig } from './config.ts';
import { createAccept } from './http/accept.ts';
import { type HttpAddress, listenError, parseAddress } from './http/address.ts';
import { createHttpMetrics, type HttpMetrics } from './http/metrics.ts';
import { RefusalLog } from './http/sample.ts';
import { createReceiver, type Receiver } from './http/server.ts';
import { keepTlsFresh } from './http/tls-reload.ts';
import { createSourceMetrics } from './metrics.ts';
import type { SourceDeps } from './source.ts';

/** Longest time that a stop waits for requests that are under way. */
const GRACE_MS = 2_000;

/**
 * Listens for Falco's `http_output` and for Falcosidekick's webhook. Each event is answered before it is passed on, because
 * Falco waits for the answer on its only output thread. `deps.stop` ends it: no new connections, requests under way are
 * finished, then it completes. It fails, with the mend in the message, when it cannot listen or the TLS files are wrong.
 */
export const httpSource = (config: SourceConfig, deps: SourceDeps): Observable<RawRecord> => {
  const metrics = createHttpMetrics(deps.registry);
  return new Observable((subscriber) => {
    if (deps.stop.aborted) return subscriber.complete();
    let address: HttpAddress;
    let tls: TlsMaterial | undefined;
    try {
      address = parseAddress(config.url);
      tls = tlsOf(config, deps);
      if (address.secure && !tls) throw new Error(`${config.url} needs source.http.tls.cert and source.http.tls.key`);
    } catch (error) {
      return subscriber.error(error);
    }
    const { connected, records } = createSourceMetrics(deps.registry);
    const received = records.labels('http');
    const { server, destroyConnections } = open(config, deps, metrics, address, tls, (record) => {
      if (record.type === 'json') received.inc();
      subscriber.next(record);
    });
    const ready = (isReady: boolean, detail: string) => {
      connected.set(isReady ? 1 : 0);
      deps.health?.(isReady, detail);
    };
    /** Told once; it may happen a thousand times a second. */
    let isTold = false;
    const onConnectionLost = ({ message }: Error) => {
      metrics.refused.inc({ cause: 'accept' });
      if (!isTold) deps.log.error(`a connection could not be taken: ${message}; raise the limit of open files`);
      isTold = true;
    };
    server.once('listening', () => {
      const where = urlOf(server, tls !== undefined);
      deps.log.info(`listening for Falco on ${where}`);
      ready(true, `listening on ${where}`);
    });
    server.on('error', (error) => {
      if (server.listening) {
        onConnectionLost(error);
        return;
      }
      const reason = listenError(error, address);
      ready(false, reason.message);
      subscriber.error(reason);
    });
    server.once('close', () => {
      ready(false, 'stopped listening');
      // Requests that were cut off with their connections tell so a turn later.
      nextTurn(() => nextTurn(() => subscriber.complete()));
    });
    const endReload = tls ? keepTlsFresh(server as TlsServer, config, deps, tls) : () => {};
    let endGrace = () => {};
    const onStop = () => {
      server.close();
      endGrace = deps.clock.after(GRACE_MS, () => destroyConnections());
    };
    deps.stop.addEventListener('abort', onStop, { once: true });
    server.listen(address.port, address.host);
    return () => {
      deps.stop.removeEventListener('abort', onStop);
      endReload();
      endGrace();
      server.close();
      destroyConnections();
    };
  });
};

const open = (
  config: SourceConfig,
  deps: SourceDeps,
  metrics: HttpMetrics,
  address: HttpAddress,
  tls: TlsMaterial | undefined,
  onRecord: (record: RawRecord) => void,
): Receiver => {
  const path = config.http.path ?? address.path;
  const failed = new WeakSet<object>();
  const accept = createAccept({
    maxBodyBytes: config.http.maxBodyBytes,
    ...(path === undefined ? {} : { path }),
    metrics,
    refusals: new RefusalLog(deps.log, deps.clock),
    failed,
    isStopping: () => deps.stop.aborted,
    onRecord,
  });
  return createReceiver(config, tls, accept, metrics, failed);
};

/**
 * The files as they are now, undefined when none is configured.
 * @throws an Error that names the setting, the file and the mend.
 */
const tlsOf = ({ http: { tls } }: SourceConfig, { clock }: SourceDeps): TlsMaterial | undefined => {
  if (!tls.cert && !tls.key && !tls.ca) return undefined;
  const read = readTlsFiles('source.http.tls', tls, Number(clock.now() / NANOS_PER_MS));
  if ('problem' in read) throw new Error(read.problem);
  return read;
};

/** The address without the path, which may be a secret. */
const urlOf = (server: Server, secure: boolean): string => {
  const { address, family, port } = server.address() as AddressInfo;
  return `${secure ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
};
