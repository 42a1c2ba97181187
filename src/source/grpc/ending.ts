/** What ended a connection to Falco, or kept it from coming about. A closed set: it is a metric label. */
export type EndReason =
  /** Falco ended the stream by itself: it stops, or restarts. */
  | 'falco-stopped'
  /** The connection broke while it was in use. */
  | 'connection-lost'
  /** The socket file went away under an open stream. */
  | 'socket-vanished'
  /** Another socket file stands where ours stood: a new Falco listens there. */
  | 'socket-replaced'
  /** There is no socket file. */
  | 'socket-missing'
  /** There is a socket file, but nobody listens. */
  | 'socket-stale'
  /** We may not use the socket file. */
  | 'socket-denied'
  /** The host answers, but nobody listens on the port. */
  | 'port-closed'
  /** The host can't be found or does not answer. */
  | 'unreachable'
  /** One of our certificate files can't be used. */
  | 'tls-files'
  /** One side does not accept the other's certificate. */
  | 'tls-peer'
  /** New certificate files: a planned reconnect. */
  | 'certificate-rotated'
  /** Something answers, but not as Falco's gRPC output does. */
  | 'not-falco';

/** The end of one connection, or of one attempt at it. */
export interface Ending {
  readonly reason: EndReason;
  /** What happened and how to mend it, for the log. The same words for the same trouble: it tells one trouble from another. */
  readonly detail: string;
}
