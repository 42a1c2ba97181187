import { type Fault, nothingOf, READY, type Readyz } from '../row.ts';

const DISK: readonly [string, string] = [
  'alerts cannot be kept on disk; they are delivered, but a crash may lose them',
  'alerts are kept on disk again',
];
const REDIS: readonly [string, string] = [
  'alerts cannot be kept in Redis; they are delivered, but a crash may lose them',
  'alerts are kept in Redis again',
];
const LATE = 'alerts of an earlier process could be read only now; they are delivered as over';
const unkeptOnDisk: Readyz = { ready: false, part: 'spool', detail: 'alerts cannot be kept on disk: ' };
const unkeptInRedis: Readyz = { ready: true, part: 'spool', detail: 'alerts cannot be kept in Redis: ' };
const GONE = 'what was kept is gone, or another process has it';
const BROKEN = 'creance_spool_errors_total{cause="broken"}';
const RESTORED = 'creance_alerts_restored_total';

/** Between an alert and the next process. */
export const spool = {
  killed: {
    fault: '`kill -9` between finding and delivery',
    lost: nothingOf('1 alert', 'without a spool, what was not delivered'),
    log: [],
    readyz: READY,
    counters: [RESTORED],
    recovery:
      'the next process delivers it and goes on with what fires; it prints none again but one that was printed in the last moment',
  },
  'killed-redis': {
    fault: 'the same, with the spool in a Redis',
    lost: nothingOf('1 alert', 'of what was found, only what had not left for Redis in that moment'),
    log: [],
    readyz: READY,
    counters: [RESTORED],
    recovery: 'as above, once the lock of the dead one has run out (6 s)',
  },
  'ended-unseen': {
    fault: 'a session ends while no process looks',
    lost: nothingOf('1 alert'),
    log: [],
    readyz: READY,
    counters: [RESTORED],
    recovery: 'its alerts resolve after `alert.orphanMs`',
  },
  'spool-disk-full': {
    fault: 'the disk of the spool is full',
    lost: nothingOf('1 alert', 'while the process lives; a crash then loses what is undelivered'),
    log: DISK,
    readyz: unkeptOnDisk,
    counters: [BROKEN],
    recovery: 'tried each 10 s; all that is held is then written anew',
  },
  'spool-redis-away': {
    fault: 'the Redis of the spool is away',
    lost: nothingOf('1 alert', 'as above'),
    log: REDIS,
    readyz: unkeptInRedis,
    counters: [BROKEN],
    recovery: 'as above',
  },
  'spool-redis-full': {
    fault: 'the Redis of the spool has reached `maxmemory` and refuses writes',
    lost: nothingOf('1 alert', 'as above'),
    log: REDIS,
    readyz: { ...unkeptInRedis, detail: `${unkeptInRedis.detail}.*OOM` },
    counters: [BROKEN],
    recovery: 'as above',
  },
  'spool-redis-read-only': {
    fault: 'the Redis of the spool is a read-only replica, such as after a failover',
    lost: nothingOf('1 alert', 'as above'),
    log: REDIS,
    readyz: { ...unkeptInRedis, detail: `${unkeptInRedis.detail}.*READONLY` },
    counters: [BROKEN],
    recovery: 'as above',
  },
  'spool-redis-forgets': {
    fault: 'the Redis of the spool restarts empty, or somebody deletes what is kept there',
    lost: nothingOf('1 alert', 'as above'),
    log: REDIS,
    readyz: { ...unkeptInRedis, detail: `${unkeptInRedis.detail}${GONE}` },
    counters: [BROKEN],
    recovery: `noticed within 2 s, also when nothing happens; the reason is \`${GONE}\` where no connection broke; as above`,
  },
  'spool-disk-unread': {
    fault: 'the spool cannot be read when creance starts',
    lost: nothingOf('2 alerts', 'those that fired are delivered as over, for sessions have been judged without them'),
    log: [DISK[0], LATE, DISK[1]],
    readyz: unkeptOnDisk,
    counters: [BROKEN],
    recovery: 'tried each 10 s; a session that goes on raises its alert anew',
  },
  'spool-redis-unread': {
    fault: 'the same, with the spool in a Redis',
    lost: nothingOf('2 alerts', 'as above'),
    log: [REDIS[0], LATE, REDIS[1]],
    readyz: unkeptInRedis,
    counters: [BROKEN],
    recovery: 'as above',
  },
  'spool-damaged': {
    fault: 'the journal of the spool is damaged',
    lost: { count: 1, of: '2 lines', note: 'those that cannot be read' },
    log: ['the spool of alerts was damaged; it is set aside and what can be read goes on'],
    readyz: READY,
    counters: ['creance_spool_damaged_total'],
    recovery: 'what can be read goes on, and the file is kept; a torn last line is normal and not told',
  },
  'spool-shared': {
    fault: 'two processes share one spool',
    lost: nothingOf('1 alert', 'but a crash of the second may lose its own'),
    log: [
      'another creance keeps its alerts there; this one keeps none until that has ended, or alert.spool gives it a place of its own',
      DISK[1],
    ],
    readyz: { ready: true, part: 'spool', detail: 'another creance has the spool; ' },
    counters: ['creance_spool_errors_total{cause="taken"}'],
    recovery: 'the second takes it when the first has ended',
  },
} as const satisfies Record<string, Fault>;
