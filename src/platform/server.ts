import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseListen, type ServerConfig } from './config.ts';
import type { Health } from './health.ts';
import type { Registry } from './metrics.ts';

export interface ServerParts {
  readonly config: ServerConfig;
  readonly registry: Registry;
  readonly health: Health;
  /** False when the pipeline no longer moves and only a restart can help. */
  readonly live: () => boolean;
}

export interface RunningServer {
  /** `http://HOST:PORT` as it came to be, whatever port was asked for. */
  readonly address: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** The service's own endpoints. Rejects with what to do about it when the address cannot be had. */
export const startServer = async (parts: ServerParts): Promise<RunningServer> => {
  const { listen, maxConnections, requestMs } = parts.config;
  const server = createServer(
    { headersTimeout: requestMs, requestTimeout: requestMs, connectionsCheckingInterval: 1_000, maxHeaderSize: 8_192 },
    respond(endpoints(parts), parts.health),
  );
  server.maxConnections = maxConnections;
  await listening(server, listen);
  const { address, port, family } = server.address() as AddressInfo;
  return { address: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, close: () => close(server) };
};

const endpoints = ({
  registry,
  health,
  live,
}: ServerParts): Readonly<Record<string, () => Promise<Answer> | Answer>> => ({
  '/livez': () => (live() ? text(200, 'live') : text(503, 'the pipeline is stuck')),
  '/readyz': () => {
    const report = health.report();
    return { status: report.ready ? 200 : 503, type: 'application/json', body: `${JSON.stringify(report, null, 2)}\n` };
  },
  '/metrics': async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() }),
});

/** `/readyz/PART` is ready when this part is, whatever the others are; undefined for every other path. */
const partOf = (health: Health, path: string): (() => Answer) | undefined => {
  const { components } = health.report();
  const name = path.startsWith('/readyz/') ? path.slice('/readyz/'.length) : '';
  const part = Object.hasOwn(components, name) ? components[name] : undefined;
  return part && (() => text(part.ready ? 200 : 503, part.detail));
};

const text = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

const respond =
  (routes: ReturnType<typeof endpoints>, health: Health): RequestListener =>
  async (request, response) => {
    request.resume();
    const path = request.url?.split('?')[0] ?? '';
    const route = Object.hasOwn(routes, path) ? routes[path] : partOf(health, path);
    const readOnly = request.method === 'GET' || request.method === 'HEAD';
    const { status, type, body } = !route
      ? text(404, `try ${Object.keys(routes).join(', ')}`)
      : !readOnly
        ? text(405, 'only GET and HEAD')
        : await Promise.resolve()
            .then(route)
            .catch(() => text(500, 'failed'));
    if (status === 405) response.setHeader('allow', 'GET, HEAD');
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(body),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };

const listening = (server: Server, listen: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(whyNot(listen, error), { cause: error })));
    server.listen(parseListen(listen), () => resolve());
  });

const whyNot = (listen: string, { code, message }: NodeJS.ErrnoException): string => {
  if (code === 'EADDRINUSE')
    return `server.listen ${listen} is taken by another process; choose another port, or 0 for any`;
  if (code === 'EACCES') return `server.listen ${listen} is not allowed; choose a port from 1024`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `server.listen ${listen} is not an address of this machine; choose one, such as 127.0.0.1`;
  return `server.listen ${listen} cannot be used: ${message}`;
};

/** Open connections are cut: whoever probes or scrapes comes again, and finds nobody. */
const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
