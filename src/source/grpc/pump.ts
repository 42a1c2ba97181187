import type { Clock } from '../../platform/clock.ts';

export interface PumpOptions {
  readonly minPollMs: number;
  readonly maxPollMs: number;
  readonly clock: Clock;
}

export interface Pump {
  /** An event came. */
  arrived(): void;
  /** No more requests. */
  stop(): void;
}

/**
 * Asks Falco for events, again and again: soon after a request that brought some, ever more slowly while none come.
 *
 * Falco answers a request with what is queued at that moment, which may be nothing at all, and then says no more until it
 * is asked again. So no request has an answer that one could wait for, and the pause between requests is the floor of the
 * delay at which events are seen. Polling while idle has a second use: a Falco that stops ends a stream only when it is
 * asked.
 */
export const startPump = (request: () => void, { minPollMs, maxPollMs, clock }: PumpOptions): Pump => {
  let pauseMs = minPollMs;
  let brought = true;
  let cancel = () => {};
  const poll = () => {
    pauseMs = brought ? minPollMs : Math.min(pauseMs * 2, maxPollMs);
    brought = false;
    cancel = clock.after(pauseMs, poll);
    request();
  };
  poll();
  return {
    arrived: () => {
      if (brought) return;
      brought = true;
      if (pauseMs === minPollMs) return;
      cancel();
      cancel = clock.after(minPollMs, poll);
    },
    stop: () => cancel(),
  };
};
