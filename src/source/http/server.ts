import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsMaterial } from '../../platform/tls-files.ts';
import type { SourceConfig } from '../config.ts';
import type { Accept } from './accept.ts';
import type { HttpMetrics } from './metrics.ts';

/** Falco sends five short headers; a proxy adds some. */
const MAX_HEADER_BYTES = 8_192;
const MAX_HEADERS = 64;

/** Falco keeps one connection and is quiet while nothing happens; libcurl forgets a connection itself after about two minutes. */
const IDLE_MS = 130_000;

export interface Receiver {
  readonly server: Server;
  /** Ends every connection at once, those too that are still at their TLS handshake. */
  destroyConnections(): void;
}

/**
 * The server with all its limits: how many connections, how long and how large a request. A client that sends nothing, or
 * slowly, or for ever, loses its connection after `requestMs`. Failures below HTTP are counted and put into `failed`.
 */
export const createReceiver = (
  config: SourceConfig,
  tls: TlsMaterial | undefined,
  accept: Accept,
  metrics: HttpMetrics,
  failed: WeakSet<object>,
): Receiver => {
  const { requestMs, maxConnections } = config.http;
  const options = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: requestMs,
    requestTimeout: requestMs,
    keepAliveTimeout: IDLE_MS,
    // Node looks for late requests at this interval; its default of 30 s would make `requestMs` mean much more than it says.
    connectionsCheckingInterval: Math.min(1_000, Math.max(50, requestMs / 4)),
  };
  const server = tls
    ? (createTlsServer(
        { ...options, ...tls, handshakeTimeout: requestMs, requestCert: tls.ca !== undefined, minVersion: 'TLSv1.2' },
        accept,
      ) as Server)
    : createServer(options, accept);
  server.maxConnections = maxConnections;
  server.maxHeadersCount = MAX_HEADERS;
  // A client that does not take our answers makes no progress; requests themselves have `requestMs`.
  server.timeout = 2 * requestMs;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    metrics.connections.inc();
    sockets.add(socket);
    socket.once('close', () => {
      metrics.connections.dec();
      sockets.delete(socket);
    });
  });
  server.on('drop', () => metrics.refused.inc({ cause: 'too-many' }));
  server.on('tlsClientError', () => metrics.refused.inc({ cause: 'tls' }));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const failure = clientFailure(error.code);
    if (failure && !failed.has(socket)) {
      failed.add(socket);
      metrics.requests.inc({ outcome: failure.outcome });
    }
    if (failure && socket.writable && socket.bytesWritten === 0) {
      socket.write(`HTTP/1.1 ${failure.status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
    socket.destroy();
  });
  const destroyConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { server, destroyConnections };
};

/** What the fault of a client is called; a connection that just went away is none. */
const clientFailure = (code: string | undefined) => {
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'HPE_INVALID_EOF_STATE') return undefined;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { outcome: 'timeout', status: '408 Request Timeout' } as const;
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { outcome: 'bad-request', status: '431 Request Header Fields Too Large' } as const;
  }
  return { outcome: 'bad-request', status: '400 Bad Request' } as const;
};
