import { type ChannelOptions, Client, credentials } from '@grpc/grpc-js';
import { NANOS_PER_MS } from '../../model/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Registry } from '../../platform/metrics.ts';
import { readTlsFiles, tlsStamp } from '../../platform/tls-files.ts';
import { tlsReloads } from '../../platform/tls-reloads.ts';
import type { SourceConfig } from '../config.ts';
import type { GrpcAddress } from './address.ts';
import type { Ending } from './ending.ts';
import { socketIdentity } from './socket-file.ts';

/** A client for one connection, and a look at whether the files it was made from still stand. */
export interface Endpoint {
  readonly client: Client;
  /** Tells this listener from its successor at the same address, where that can be told. */
  readonly identity?: string;
  /** Why this connection should be given up, when it should. Cheap, never throws: asked once a second. */
  changed(): Ending | undefined;
}

const MEBIBYTE = 1_048_576;

const COMMON: ChannelOptions = {
  // An event is a few kilobytes; a message that is refused for its size would end the stream with all that follows it.
  'grpc.max_receive_message_length': 64 * MEBIBYTE,
  // Each connection is our own and made once: pauses, retries and the choice of the moment are ours too.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
};

/** A gRPC server takes pings more frequent than five minutes on a silent stream for abuse, and hangs up. */
const KEEPALIVE: ChannelOptions = { 'grpc.keepalive_time_ms': 310_000, 'grpc.keepalive_timeout_ms': 20_000 };

const SECTION = 'source.grpc.tls';

export interface EndpointDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
}

/** Makes a client from the files as they are now; an Ending when they do not allow one. Connects to nothing yet. */
export const openEndpoint = (
  address: GrpcAddress,
  paths: SourceConfig['grpc']['tls'],
  deps: EndpointDeps,
): Endpoint | Ending =>
  address.kind === 'unix' ? openUnix(address.path, address.target) : openTls(address.target, paths, deps);

const openUnix = (path: string, target: string): Endpoint | Ending => {
  const identity = look(path);
  if (identity === ABSENT) {
    return {
      reason: 'socket-missing',
      detail: `there is no socket ${path}: Falco is not running, or its grpc output is off`,
    };
  }
  return {
    client: new Client(target, credentials.createInsecure(), COMMON),
    ...(identity !== undefined && { identity }),
    changed: () => {
      const now = look(path);
      if (now === identity) return undefined;
      return now === ABSENT
        ? { reason: 'socket-vanished', detail: `the socket ${path} has vanished: Falco is stopping` }
        : { reason: 'socket-replaced', detail: `the socket ${path} was re-created: another Falco listens there now` };
    },
  };
};

const ABSENT = 'absent';

/** Undefined where we may not look: connecting will then say why. */
const look = (path: string): string | undefined => safely(() => socketIdentity(path) ?? ABSENT);

const openTls = (
  target: string,
  paths: SourceConfig['grpc']['tls'],
  { clock, log, registry }: EndpointDeps,
): Endpoint | Ending => {
  const reloads = tlsReloads(registry, SECTION);
  const read = () => readTlsFiles(SECTION, paths, Number(clock.now() / NANOS_PER_MS));
  // Before the files are read: a change between the two is then seen as one, not missed.
  const stamp = safely(() => tlsStamp(paths));
  const files = read();
  if ('problem' in files) return { reason: 'tls-files', detail: files.problem };
  const secured = credentials.createSsl(files.ca ?? null, files.key, files.cert);
  let previous = stamp;
  let reported = stamp;
  return {
    client: new Client(target, secured, { ...COMMON, ...KEEPALIVE }),
    changed: () => {
      const current = safely(() => tlsStamp(paths));
      const settled = current === previous;
      previous = current;
      // Files are seldom replaced at one stroke: wait until they are still.
      if (current === stamp || !settled || current === reported) return undefined;
      const renewed = read();
      if (!('problem' in renewed)) {
        reloads('done');
        return {
          reason: 'certificate-rotated',
          detail: 'the certificate files have changed: connecting anew with them',
        };
      }
      reported = current;
      reloads('failed');
      log.warn(`The new certificate files can't be used, so the connection stays as it is. ${renewed.problem}`);
      return undefined;
    },
  };
};

const safely = <Value>(ask: () => Value): Value | undefined => {
  try {
    return ask();
  } catch {
    // Something on the way is no directory, or closed to us; connecting will say which.
    return undefined;
  }
};
