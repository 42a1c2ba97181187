import type { Fault } from '../row.ts';

/** Falco, and what it sends. */
export const falco = {
  'falco-restarts-grpc': {
    fault: 'Falco is killed and started again, five times, while events flow by gRPC',
    lost: {
      count: 50,
      of: '2,770 events',
      note: 'what each Falco held when it died; each restart is one gap, told in the verdict of every session that lived, which is not learned then',
    },
    log: ['The connection to Falco was lost: …', 'Nobody listens on the socket …', 'Connected again to Falco …'],
    readyz: { ready: false, part: 'source', detail: '' },
    counters: ['creance_gaps_total{cause="disconnect"}', 'creance_source_reconnects_total'],
    recovery: 'connected anew, with pauses of up to `source.grpc.reconnectMaxMs`',
  },
  'falco-restarts-http': {
    fault: 'Falco is killed in the middle of a request and started again, five times, while events flow by HTTP',
    lost: {
      count: 5,
      of: '2,770 events',
      note: 'those that came in half, told as gaps; what Falco does not send nobody knows of',
    },
    log: [],
    readyz: { ready: true, part: 'source', detail: 'listening on ' },
    counters: ['creance_gaps_total{cause="malformed"}', 'creance_http_requests_total{outcome="aborted"}'],
    recovery: 'every connection is as good as another',
  },
} as const satisfies Record<string, Fault>;
