import { type StatusObject, status } from '@grpc/grpc-js';
import type { SourceConfig } from '../config.ts';
import type { GrpcAddress } from './address.ts';
import type { Ending } from './ending.ts';

type Rule = readonly [sign: RegExp, ending: (match: RegExpExecArray) => Ending];

/** Says in our words why a call failed: gRPC has one status for all of it, and only its text tells a missing file from a bad name. */
export const createExplainer = (address: GrpcAddress, tls: SourceConfig['grpc']['tls']) => {
  const rules = address.kind === 'unix' ? unixRules(address.path) : tlsRules(address, tls);
  return ({ code, details }: Pick<StatusObject, 'code' | 'details'>): Ending => {
    if (code === status.OK) return { reason: 'falco-stopped', detail: 'Falco has ended the stream: it is stopping' };
    if (code === status.UNIMPLEMENTED) {
      return {
        reason: 'not-falco',
        detail: `what answers at ${address.shown} has no falco.outputs service: Falco 0.44 and later have no gRPC output, use its http_output`,
      };
    }
    const cause = ATTEMPT.exec(details)?.[1];
    if (cause === undefined && !/resolution/i.test(details)) {
      return {
        reason: 'connection-lost',
        detail: `the connection to Falco was lost: ${status[code]} ${plain(details)}`,
      };
    }
    for (const [sign, ending] of rules) {
      const match = sign.exec(plain(cause ?? ''));
      if (match) return ending(match);
    }
    return { reason: 'unreachable', detail: `Falco at ${address.shown} can't be reached: ${plain(cause ?? details)}` };
  };
};

/** How grpc-js words a connection that never came about. */
const ATTEMPT = /^No connection established(?:\. Last error)?: (.*?)(?:\. Resolution note: .*)?$/s;

/** Without the time that grpc-js writes into its text. */
const plain = (text: string): string => text.replace(/ ?\(\d{4}-\d\d-\d\dT[^)]*\)/g, '').replace(/^Error: /, '');

const unixRules = (path: string): readonly Rule[] => [
  [/connect ENOENT/, () => ({ reason: 'socket-missing', detail: `there is no socket ${path}: Falco is not running` })],
  [
    /connect ECONNREFUSED/,
    () => ({
      reason: 'socket-stale',
      detail: `nobody listens on the socket ${path}: a Falco that was killed left it behind`,
    }),
  ],
  [
    /connect (?:EACCES|EPERM)/,
    () => ({ reason: 'socket-denied', detail: `this user may not use the socket ${path}: mend its owner or mode` }),
  ],
];

const tlsRules = (
  { host, shown }: GrpcAddress & { kind: 'tls' },
  { cert, ca }: SourceConfig['grpc']['tls'],
): readonly Rule[] => {
  const peer = (detail: string): Ending => ({ reason: 'tls-peer', detail });
  return [
    [
      /does not match certificate's altnames: (?:.*(?:altnames|list): )?(.*)$/s,
      (match) =>
        peer(
          `the certificate of Falco at ${shown} is not for ${host} but for ${match[1]}: connect by a name that it bears, or issue it for this one`,
        ),
    ],
    [
      /(self[- ]signed certificate[a-z ]*|unable to verify the first certificate|unable to get (?:local )?issuer certificate)/,
      (match) =>
        peer(
          `the certificate of Falco at ${shown} is not signed by an authority in ${ca} (${match[1]}): source.grpc.tls.ca must hold the one that signed it`,
        ),
    ],
    [/certificate has expired/, () => peer(`the certificate of Falco at ${shown} has expired: renew it there`)],
    [
      /certificate is not yet valid/,
      () => peer(`the certificate of Falco at ${shown} is not valid yet: check the clocks`),
    ],
    [
      /alert (unknown ca|bad certificate|certificate (?:unknown|expired|revoked|required)|unsupported certificate|handshake failure|decrypt error)/,
      (match) =>
        peer(
          `Falco at ${shown} refuses our certificate ${cert} (${match[1]}): it must be signed by the authority in Falco's own ca.crt`,
        ),
    ],
    [
      /wrong version number|packet length too long|http\/1/i,
      () => peer(`what answers at ${shown} does not speak TLS: Falco's gRPC on TCP always does`),
    ],
    [
      // With TLS 1.3 our side is done with the handshake before the other has judged our certificate.
      /Failed to connect|Socket closed|ECONNRESET|EPIPE|socket hang up|before secure TLS/,
      () =>
        peer(
          `Falco at ${shown} hung up during the handshake: it seems to refuse our certificate ${cert}, which must be signed by the authority in Falco's own ca.crt`,
        ),
    ],
    [/ECONNREFUSED/, () => ({ reason: 'port-closed', detail: `nobody listens at ${shown}` })],
  ];
};
