import type { Gap } from '../../model/flow.ts';
import type { Nanos } from '../../model/time.ts';
import { protoTime } from '../record-time.ts';

/** Knows from when to when nothing could come. */
export interface Continuity {
  /** The connection is gone, and with it whatever Falco had queued. */
  broken(): void;
  /** The gap that ends with this event, if one does. */
  onEvent(bytes: Uint8Array): Gap | undefined;
  /** The gap that is still open when all ends, if one is. */
  onEnd(): Gap | undefined;
}

/** Gaps reach from the last event before to the first event after, in the time of events; `now` serves where there is no event. */
export const createContinuity = (now: () => Nanos): Continuity => {
  let last: Uint8Array | undefined;
  let from: Nanos | undefined;
  const close = (to: Nanos): Gap | undefined => {
    if (from === undefined) return undefined;
    const gap: Gap = { type: 'gap', cause: 'disconnect', from, to: to > from ? to : from };
    from = undefined;
    return gap;
  };
  return {
    broken: () => {
      from ??= (last && protoTime(last)) ?? now();
    },
    onEvent: (bytes) => {
      last = bytes;
      return from === undefined ? undefined : close(protoTime(bytes) ?? now());
    },
    onEnd: () => close(now()),
  };
};
