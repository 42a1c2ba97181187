import type { FalcoEvent } from '../model/event.ts';
import type { Gap, Tick } from '../model/flow.ts';
import { ms, type Nanos } from '../model/time.ts';

/**
 * Tells of events that come later than time has gone on without them, by more than `allowedMs`. They are processed all the
 * same: what a tick has closed stays closed, but an event is worth more out of order than not at all, and nothing is lost.
 */
export const createLateness = (allowedMs: number, onLate: () => void) => {
  const allowed = ms(allowedMs);
  let watermark: Nanos = 0n;
  return (item: FalcoEvent | Gap | Tick): void => {
    if (item.type === 'tick') watermark = item.watermark;
    else if (item.type === 'event' && item.time + allowed < watermark) onLate();
  };
};
