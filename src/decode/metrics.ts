import { GAP_CAUSES, type Gap } from '../model/flow.ts';
import { Counter, type Registry } from '../platform/metrics.ts';
import type { RejectReason } from './envelope.ts';

export interface DecodeMetrics {
  countRejected(reason: RejectReason): void;
  countGap(gap: Gap): void;
  countLate(): void;
}

/** Every gap passes here, whatever caused it: the one place where losses are counted. */
export const createDecodeMetrics = (registry: Registry): DecodeMetrics => {
  const registers = [registry];
  const rejected = new Counter({
    name: 'creance_decode_rejected_total',
    help: 'Records that were no Falco event, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const gaps = new Counter({
    name: 'creance_gaps_total',
    help: 'Stretches of time for which events are missing, by cause.',
    labelNames: ['cause'],
    registers,
  });
  const lost = new Counter({
    name: 'creance_gap_events_lost_total',
    help: 'Events that are missing, by cause, as far as their number is known; a disconnect does not tell it.',
    labelNames: ['cause'],
    registers,
  });
  const late = new Counter({
    name: 'creance_late_events_total',
    help: 'Events that came later than process.allowedLatenessMs allows; they are processed all the same.',
    registers,
  });
  for (const cause of GAP_CAUSES) {
    gaps.inc({ cause }, 0);
    lost.inc({ cause }, 0);
  }
  return {
    countRejected: (reason) => rejected.inc({ reason }),
    countGap: ({ cause, lost: count = 0 }) => {
      gaps.inc({ cause });
      lost.inc({ cause }, count);
    },
    countLate: () => late.inc(),
  };
};
