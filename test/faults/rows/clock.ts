import { type Fault, nothingOf, READY } from '../row.ts';

/** The date of the machine. */
export const clock = {
  'clock-forward': {
    fault: 'the clock of the machine is set an hour forward, and right again',
    lost: nothingOf(
      '1 session and its alert',
      'the session goes on, and the alert fires on with the date at which it began',
    ),
    log: [],
    readyz: READY,
    counters: [],
    recovery: 'time that goes by is told by the monotonic clock; only dates are asked of the other',
  },
  'clock-back': {
    fault: 'the clock of the machine is set an hour back, and right again',
    lost: nothingOf('1 session and its alert', 'as above'),
    log: [],
    readyz: READY,
    counters: [],
    recovery: 'as above; until the date has come up again, Alertmanager is told times that go on from before',
  },
  'dates-forward': {
    fault:
      'the dates of Falco itself go forward by a quarter of an hour, which is more than `process.silenceMs` (here a minute)',
    lost: { count: 1, of: '2 sessions', note: 'the one that is open then ends as silent, and is not learned' },
    log: [],
    readyz: READY,
    counters: ['creance_sessions_total{reason="silence"}'],
    recovery: 'by itself',
  },
  'dates-back': {
    fault: 'the dates of Falco itself go back by as much',
    lost: nothingOf('2 sessions'),
    log: [],
    readyz: READY,
    counters: ['creance_late_events_total'],
    recovery: 'the time of the stream goes back with them once nothing else has come for `process.allowedLatenessMs`',
  },
} as const satisfies Record<string, Fault>;
