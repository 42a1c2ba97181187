import type { FalcoEvent } from '../model/event.ts';
import type { Gap } from '../model/flow.ts';
import type { LostRecord } from '../model/record.ts';
import type { Nanos } from '../model/time.ts';
import type { Machine } from '../stream/machine.ts';

/**
 * Least distance of two gaps of this kind. A gap keeps a session from being learned from, and whoever can send us bytes can
 * send rubbish: the sessions of the moment pay for it whether it comes once or a million times.
 */
const PERIOD: Nanos = 1_000_000_000n;

interface LossState {
  /** Time of the latest event to come. */
  last: Nanos | undefined;
  /** No gap before this time. */
  quietUntil: Nanos;
  /** What was lost and not yet told; `from` and `to` are the times of the events before the first and the last of it. */
  pending: { from: Nanos | undefined; to: Nanos | undefined; lost: number } | undefined;
}

/**
 * Puts gaps of cause `malformed` where records could not be read, at the time of the event before them; at the start of a
 * stream, of the event after them. The first is told at once, what follows within a second of it as one.
 */
export const losses: Machine<LossState, FalcoEvent | Gap | LostRecord, FalcoEvent | Gap> = {
  initial: () => ({ last: undefined, quietUntil: 0n, pending: undefined }),
  onEvent: (state, input) => {
    if (input.type === 'lost') {
      const { last } = state;
      state.pending ??= { from: last, to: last, lost: 0 };
      state.pending.to = last;
      state.pending.lost += 1;
      return last === undefined ? [] : due(state, last);
    }
    if (input.type === 'gap') return [input];
    const gaps = due(state, input.time);
    state.last = input.time;
    return gaps.length === 0 ? [input] : [...gaps, input];
  },
  onTick: (state, watermark) => due(state, watermark),
  onEnd: (state) => (state.last === undefined ? [] : told(state, state.last)),
};

const due = (state: LossState, now: Nanos): readonly Gap[] => {
  if (!state.pending) return NONE;
  // Time that runs backwards by more than a period was wrong before: it must not silence us until it is reached again.
  if (now < state.quietUntil && now + PERIOD >= state.quietUntil) return NONE;
  state.quietUntil = now + PERIOD;
  return told(state, now);
};

const told = (state: LossState, now: Nanos): readonly Gap[] => {
  if (!state.pending) return NONE;
  const { from = now, to = now, lost } = state.pending;
  state.pending = undefined;
  const [start, end] = from <= to ? [from, to] : [to, from];
  return [{ type: 'gap', cause: 'malformed', from: start, to: end, lost }];
};

const NONE: readonly Gap[] = [];
