import type { MonoTypeOperatorFunction } from 'rxjs';
import type { Gap } from '../model/flow.ts';
import type { RawRecord } from '../model/record.ts';
import type { Turn } from '../platform/turn.ts';
import { bounded, emptyAccounts, type Shed } from '../stream/bounded.ts';
import type { SourceConfig } from './config.ts';
import { registerQueueMetrics } from './queue/metrics.ts';
import { WORTHS, worthOf } from './queue/worth.ts';
import { recordTime } from './record-time.ts';
import type { SourceDeps } from './source.ts';

const ranks = Object.fromEntries(WORTHS.map((worth, rank) => [worth, rank])) as Record<(typeof WORTHS)[number], number>;

/**
 * The one queue between a live source and the pipeline. A source that pushes faster than the pipeline takes has its least
 * valuable records shed; a gap of cause `overflow` then says how many and of what time. Not for files: they can wait.
 */
export const queued = (
  config: SourceConfig,
  deps: SourceDeps,
  options: { readonly turn?: Turn } = {},
): MonoTypeOperatorFunction<RawRecord> => {
  const accounts = emptyAccounts(WORTHS.length);
  const { capacity } = config.queue;
  registerQueueMetrics(deps.registry, accounts, capacity);
  return bounded<RawRecord>({
    ...options,
    capacity,
    classes: WORTHS.length,
    classOf: (record) => ranks[worthOf(record)],
    accounts,
    marker: (shed) => overflow(shed, deps.clock.now()),
    onOverflow: (phase, shed) => {
      if (phase === 'end') deps.log.info({ shed }, 'the queue has room again');
      else deps.log.warn({ capacity }, 'the queue to the pipeline is full: the least valuable records are shed');
    },
  });
};

/** Events come from many processors and so are not quite in order: the gap reaches over both records, whichever is earlier. */
const overflow = ({ first, last, count }: Shed<RawRecord>, now: bigint): Gap => {
  const [one, other] = [spanOf(first, now), spanOf(last, now)];
  const from = one.from <= other.from ? one : other;
  const to = one.to >= other.to ? one : other;
  return { type: 'gap', cause: 'overflow', from: from.from, to: to.to, lost: count };
};

/** A record without a time is taken to be of now: it came a moment ago. */
const spanOf = (record: RawRecord, now: bigint): Pick<Gap, 'from' | 'to'> => {
  if (record.type === 'gap') return record;
  const time = (record.type === 'lost' ? undefined : recordTime(record)) ?? now;
  return { from: time, to: time };
};
