import { type Fault, nothingOf, READY } from '../row.ts';

const CRASH = {
  file: 'test/alert/spool/crash.test.ts',
  title: 'loses no alert, goes on with those that fire, repeats none, and lets them go when no session comes back',
};

/** Between an alert and the next process. */
export const spool = {
  killed: {
    fault: '`kill -9` between finding and delivery',
    lost: nothingOf('1 alert', 'without a spool, what was not delivered'),
    log: [],
    readyz: READY,
    counters: [],
    recovery: 'the next process delivers it, goes on with what fires and prints none twice',
    proof: CRASH,
  },
  'ended-unseen': {
    fault: 'a session ends while no process looks',
    lost: nothingOf('1 alert'),
    log: [],
    readyz: READY,
    counters: [],
    recovery: 'its alerts resolve after `alert.orphanMs`',
    proof: CRASH,
  },
  'spool-disk-full': {
    fault: 'the disk of the spool is full',
    lost: nothingOf('1 alert', 'while the process lives; a crash then loses what is undelivered'),
    log: [
      'alerts cannot be kept on disk; they are delivered, but a crash may lose them',
      'alerts are kept on disk again',
    ],
    readyz: { ready: false, part: 'spool', detail: 'alerts cannot be kept on disk: ' },
    counters: ['creance_spool_errors_total'],
    recovery: 'tried each 10 s; all that is held is then written anew',
  },
  'spool-redis-away': {
    fault: 'the Redis of the spool is away',
    lost: nothingOf('1 alert', 'as above'),
    log: [
      'alerts cannot be kept in Redis; they are delivered, but a crash may lose them',
      'alerts are kept in Redis again',
    ],
    readyz: { ready: true, part: 'spool', detail: 'alerts cannot be kept in Redis: ' },
    counters: ['creance_spool_errors_total'],
    recovery: 'as above',
  },
  'spool-damaged': {
    fault: 'the journal of the spool is damaged',
    lost: { count: 1, of: '2 lines', note: 'those that cannot be read' },
    log: ['the spool of alerts was damaged; it is set aside and what can be read goes on'],
    readyz: READY,
    counters: [],
    recovery: 'what can be read goes on, and the file is kept; a torn last line is normal and not told',
  },
  'spool-shared': {
    fault: 'two processes share one spool',
    lost: nothingOf('1 alert', 'but a crash of the second may lose its own'),
    log: [
      'another creance keeps its alerts there; this one keeps none until that has ended, or alert.spool gives it a place of its own',
      'alerts are kept on disk again',
    ],
    readyz: { ready: true, part: 'spool', detail: 'another creance has the spool; ' },
    counters: [],
    recovery: 'the second takes it when the first has ended',
  },
} as const satisfies Record<string, Fault>;
