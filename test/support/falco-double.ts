import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server as Listener, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import type { Issued } from './certificates.ts';
import { outputsService, versionService } from './falco-messages.ts';
import { until } from './until.ts';

export interface FalcoOptions {
  /** Listens on this socket; by default on one in a temporary folder. */
  readonly socket?: string;
  /** Listens on a port of 127.0.0.1 instead, with mutual TLS. */
  readonly tls?: Issued & { readonly ca: string };
  /** What it says of itself; undefined for a Falco without the version service. */
  readonly version?: { readonly version: string; readonly engine_version: string } | undefined;
}

/** A stand-in for Falco with the semantics of the real one, as they were seen on 0.43.1. */
export interface FalcoDouble {
  readonly url: string;
  readonly socket: string | undefined;
  /** Events that wait in the one queue that all clients share. */
  readonly queued: number;
  /** Requests that came on `sub` streams, of all lives. */
  readonly requests: number;
  /** `sub` streams that are open. */
  readonly streams: number;
  push(...events: readonly Uint8Array[]): void;
  /** Starts again after `stop` or `kill`, at the same address, with an empty queue and a new socket file. */
  start(): Promise<void>;
  /**
   * Ends in good order, as at SIGTERM: the socket file goes first, then each stream ends with OK, but only when its client
   * asks next. With an idle client this never settles. A `deaf` one does not notice requests either.
   */
  stop(options?: { readonly deaf?: boolean }): Promise<void>;
  /** Ends as at SIGKILL: connections drop, and the socket file stays behind with nobody listening. */
  kill(): void;
  /** Ends it for good and leaves nothing behind. */
  dispose(): void;
}

type Stream = ServerDuplexStream<object, Uint8Array>;

/** One life of Falco, from start to stop. */
interface Life {
  readonly listener: Listener;
  readonly sockets: Set<Socket>;
  readonly streams: Set<Stream>;
  readonly server: Server;
  stopping: boolean;
  deaf: boolean;
}

const BACKLOG = 256;
const AT_ONCE = 128;
const FALCO_0_43 = { version: '0.43.1', engine_version: '0.58.0' };

export const startFalco = async (options: FalcoOptions = {}): Promise<FalcoDouble> => {
  const dir = mkdtempSync(join(tmpdir(), 'creance-falco-'));
  const socket = options.tls ? undefined : (options.socket ?? join(dir, 'falco.sock'));
  const version = 'version' in options ? options.version : FALCO_0_43;
  let queue: Uint8Array[] = [];
  let requests = 0;
  let port = 0;
  let life: Life;

  /**
   * Pops and writes until the queue is empty; other streams do the same meanwhile, so each event goes to one of them. Of
   * a backlog some are popped at a time: one by one, each from the head of a long array, takes longer than they do to come.
   */
  const drain = async (call: { write: Stream['write'] }, isOver: () => boolean) => {
    while (queue.length > 0 && !isOver()) {
      const events = queue.splice(0, queue.length > BACKLOG ? AT_ONCE : 1);
      const last = events.pop() as Uint8Array;
      for (const event of events) call.write(event);
      await new Promise((resolve) => call.write(last, resolve));
    }
  };

  const sub = (current: Life) => (call: Stream) => {
    current.streams.add(call);
    let asked = false;
    let busy = false;
    let over = false;
    const close = () => {
      over = true;
      current.streams.delete(call);
    };
    const answer = async () => {
      asked = true;
      if (busy) return;
      busy = true;
      while (asked && !over && !current.deaf) {
        asked = false;
        if (current.stopping) {
          close();
          call.end();
        } else await drain(call, () => over);
      }
      busy = false;
    };
    call.on('data', () => {
      requests += 1;
      void answer();
    });
    // A client that half-closes gets what is there once more, and then neither events nor an end.
    call.on('end', () => void answer());
    call.on('cancelled', close);
    call.on('error', close);
  };

  const get = async (call: ServerWritableStream<object, Uint8Array>) => {
    await drain(call, () => call.cancelled);
    call.end();
  };

  const begin = async (): Promise<Life> => {
    const server = new Server();
    const injector = server.createConnectionInjector(credentialsOf(options.tls));
    const sockets = new Set<Socket>();
    const listener = createServer((connection) => {
      sockets.add(connection);
      connection.on('close', () => sockets.delete(connection));
      connection.on('error', () => {});
      injector.injectConnection(connection);
    });
    const begun: Life = { listener, sockets, streams: new Set(), server, stopping: false, deaf: false };
    const { sub: subMethod, get: getMethod } = outputsService;
    const asBytes = { responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes) };
    server.addService(
      { sub: { ...subMethod, ...asBytes }, get: { ...getMethod, ...asBytes } } as typeof outputsService,
      { sub: sub(begun), get } as never,
    );
    if (version) {
      server.addService(versionService, {
        version: (_: unknown, reply: sendUnaryData<object>) => reply(null, version),
      });
    }
    if (socket) {
      rmSync(socket, { force: true });
      listener.listen(socket);
    } else listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    if (address && typeof address === 'object') port = address.port;
    return begun;
  };

  const drop = (current: Life) => {
    current.listener.close(); // Removes the socket file too.
    for (const connection of current.sockets) connection.destroy();
    current.server.forceShutdown();
    current.streams.clear();
    queue = [];
  };

  life = await begin();
  return {
    url: socket ? `unix://${socket}` : `https://localhost:${port}`,
    socket,
    get queued() {
      return queue.length;
    },
    get requests() {
      return requests;
    },
    get streams() {
      return life.streams.size;
    },
    push: (...events) => {
      queue.push(...events);
    },
    start: async () => {
      life = await begin();
    },
    stop: async ({ deaf = false } = {}) => {
      const current = life;
      current.stopping = true;
      current.deaf = deaf;
      current.listener.close();
      queue = [];
      await until(() => current.streams.size === 0, { timeoutMs: 60_000 });
      await new Promise((resolve) => current.server.tryShutdown(resolve)); // The last status is still to be sent.
      drop(current);
    },
    kill: () => {
      if (socket) renameSync(socket, `${socket}.kept`);
      drop(life);
      if (socket) renameSync(`${socket}.kept`, socket);
    },
    dispose: () => {
      drop(life);
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

const credentialsOf = (tls: FalcoOptions['tls']): ServerCredentials =>
  tls
    ? ServerCredentials.createSsl(
        readFileSync(tls.ca),
        [{ private_key: readFileSync(tls.key), cert_chain: readFileSync(tls.cert) }],
        true,
      )
    : ServerCredentials.createInsecure();
