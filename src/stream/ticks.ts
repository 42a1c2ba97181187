import { Observable, type OperatorFunction } from 'rxjs';
import type { Clock } from '../platform/clock.ts';

interface Ticking {
  readonly type: 'tick';
  readonly watermark: bigint;
}

export interface TickOptions {
  /** Least distance between two ticks. In milliseconds. */
  readonly periodMs: number;
  /** For live streams: time goes on while no events come, `latenessMs` behind the clock. */
  readonly live?: { readonly clock: Clock; readonly latenessMs: number };
}

/**
 * Sends a tick ahead of the first item that lies a period beyond the last tick, so that event time moves the stages. In
 * a live stream the clock does it when nothing comes; what a tick closes is decided by event times alone, so both give
 * the same result.
 */
export const ticks =
  <Item extends { readonly type: string }>(
    timeOf: (item: Item) => bigint,
    { periodMs, live }: TickOptions,
  ): OperatorFunction<Item, Item | Ticking> =>
  (source) =>
    new Observable((subscriber) => {
      const period = BigInt(periodMs) * 1_000_000n;
      let watermark = 0n;
      const reach = (time: bigint) => {
        if (time < watermark + period) return;
        watermark = time;
        subscriber.next({ type: 'tick', watermark });
      };
      const stop = live?.clock.every(periodMs, () => reach(live.clock.now() - BigInt(live.latenessMs) * 1_000_000n));
      const subscription = source.subscribe({
        next: (item) => {
          reach(timeOf(item));
          subscriber.next(item);
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
      return () => {
        stop?.();
        subscription.unsubscribe();
      };
    });
