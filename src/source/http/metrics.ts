import { Counter, Gauge, type Registry } from '../../platform/metrics.ts';

/** What became of a request. A closed set: it is a metric label. */
export const REQUEST_OUTCOMES = [
  'accepted',
  'duplicate',
  'wrong-method',
  'wrong-path',
  'too-large',
  'malformed',
  'encoding',
  'busy',
  'aborted',
  'timeout',
  'bad-request',
] as const;
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number];

/** Why a connection came to nothing. A closed set: it is a metric label. */
export const REFUSED_CONNECTIONS = ['too-many', 'tls', 'accept'] as const;
export type RefusedConnection = (typeof REFUSED_CONNECTIONS)[number];

export interface HttpMetrics {
  readonly requests: Counter<'outcome'>;
  readonly connections: Gauge;
  readonly refused: Counter<'cause'>;
  readonly bufferedBytes: Gauge;
}

export const createHttpMetrics = (registry: Registry): HttpMetrics => {
  const registers = [registry];
  const metrics = {
    requests: new Counter({
      name: 'creance_http_requests_total',
      help: 'Requests to the receiver, by what became of them.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    connections: new Gauge({ name: 'creance_http_connections', help: 'Open connections to the receiver.', registers }),
    refused: new Counter({
      name: 'creance_http_connections_refused_total',
      help: 'Connections closed because there were too many or TLS failed, or that the system could not open.',
      labelNames: ['cause'] as const,
      registers,
    }),
    bufferedBytes: new Gauge({
      name: 'creance_http_buffered_bytes',
      help: 'Bytes of request bodies that have come in part.',
      registers,
    }),
  };
  for (const outcome of REQUEST_OUTCOMES) metrics.requests.inc({ outcome }, 0);
  for (const cause of REFUSED_CONNECTIONS) metrics.refused.inc({ cause }, 0);
  return metrics;
};
