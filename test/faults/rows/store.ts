import { type Fault, nothingOf, READY, type Readyz } from '../row.ts';

const waiting: readonly [string, string] = [
  'the store does not take learned sessions; they wait and are tried again',
  'the store takes learned sessions again',
];
const WAITING: Readyz = { ready: true, part: 'store', detail: '\\d+ learned sessions wait: ' };
const FAILURES = 'creance_baseline_commit_failures_total';

/** What was learned, on its way to the store and back. */
export const store = {
  'redis-restarts': {
    fault: 'Redis restarts',
    lost: nothingOf('10 sessions', 'what Redis itself has not on its disk, services that know it give back'),
    log: waiting,
    readyz: WAITING,
    counters: [FAILURES],
    recovery:
      'connected anew, and tried on with pauses of up to 30 s; each session is added once, however often it is tried',
  },
  'redis-slow': {
    fault: 'Redis does not answer within 5 s',
    lost: nothingOf('10 sessions'),
    log: waiting,
    readyz: WAITING,
    counters: [FAILURES],
    recovery: 'as above; verdicts never wait for it',
  },
  'redis-full': {
    fault: 'Redis has reached `maxmemory` and refuses writes',
    lost: nothingOf('10 sessions'),
    log: waiting,
    readyz: WAITING,
    counters: [FAILURES],
    recovery: 'as above',
  },
  'redis-read-only': {
    fault: 'Redis is a read-only replica, such as after a failover',
    lost: nothingOf('10 sessions'),
    log: waiting,
    readyz: WAITING,
    counters: [FAILURES],
    recovery: 'connected anew after each refusal, for the name may lead to the new master; and as above',
  },
  'redis-away-at-start': {
    fault: 'Redis is away when creance starts',
    lost: nothingOf(
      '2 sessions',
      'sequences are found as ever; sessions that began meanwhile are judged by the shipped prior alone, and wait for a person instead of being learned',
    ),
    log: [
      'what was learned cannot be read yet; sessions are judged without it',
      'what was learned is read; sessions that begin now are judged with it',
    ],
    readyz: { ready: false, part: 'baseline', detail: 'what was learned cannot be read' },
    counters: ['creance_baseline_sessions_quarantined_total'],
    recovery: 'tried on with pauses of up to 30 s, then read; `creance_baseline_read` is 0 until then',
  },
  'redis-away-too-long': {
    fault: 'Redis is away until more than 1,000 learned sessions wait',
    lost: { count: 500, of: '1,500 sessions', note: 'the oldest; the process that learned them goes on with them' },
    log: ['too many learned sessions wait for the store; the oldest are lost to the next start', ...waiting],
    readyz: { ready: false, part: 'store', detail: '\\d+ learned sessions are lost to the next start' },
    counters: [FAILURES, 'creance_baseline_sessions_lost_total'],
    recovery: 'those that wait are kept when it is back',
  },
  'redis-away-at-stop': {
    fault: 'creance is stopped while Redis is away',
    lost: { count: 10, of: '10 sessions' },
    log: [waiting[0], 'learned sessions were not kept before the end; they are lost to the next start'],
    readyz: READY,
    counters: [FAILURES, 'creance_baseline_sessions_lost_total'],
    recovery: 'the sessions are learned again as they come',
  },
  'disk-full': {
    fault: 'the disk of a store of files is full',
    lost: nothingOf('10 sessions'),
    log: waiting,
    readyz: { ...WAITING, detail: `${WAITING.detail}.*the disk is full: make room` },
    counters: [FAILURES],
    recovery: 'tried on with pauses of up to 30 s; nothing is left half written',
  },
  'disk-read-only': {
    fault: 'the disk of a store of files has become read-only',
    lost: nothingOf('10 sessions'),
    log: waiting,
    readyz: { ...WAITING, detail: `${WAITING.detail}.*the file system is read-only` },
    counters: [FAILURES],
    recovery: 'as above',
  },
} as const satisfies Record<string, Fault>;
