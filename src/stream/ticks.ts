import { Observable, type OperatorFunction } from 'rxjs';
import type { Clock } from '../platform/clock.ts';

interface Ticking {
  readonly type: 'tick';
  readonly watermark: bigint;
}

interface Live {
  readonly clock: Clock;
  readonly latenessMs: number;
}

export interface TickOptions {
  /** Least distance between two ticks. In milliseconds. */
  readonly periodMs: number;
  /** For live streams: time goes on while no events come, `latenessMs` behind. */
  readonly live?: Live | undefined;
}

/** An item dated so far ahead of the clock is wrong, and no clock that is wrong itself. One day. */
const FUTURE = 86_400_000_000_000n;

/** Items that lie so far behind are late, or their clock was set back, or what came before was dated wrongly. One minute. */
const BEHIND = 60_000_000_000n;

/**
 * Sends a tick ahead of the first item that lies a period beyond the last tick, so that event time moves the stages. In a
 * live stream that has fallen silent, event time goes on from the last item at the pace of the clock. The clock's own hour
 * does not matter: it may differ from Falco's, it may be set, and a backlog may be hours old. What a tick closes is decided by event
 * times alone, so a replayed stream gives the same result. An item of a live stream that comes from the future moves no
 * time: else one wrong date would close all that is open, and no tick would come until it is reached. For the same reason
 * the time of a live stream goes back where nothing but items of long ago has come for `latenessMs`: two of them at least,
 * for one alone may be late.
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
      /** True while the clock, not an event, has set the watermark. */
      let byClock = false;
      /** Where time goes on from in the silence: the latest item, at first the clock. */
      let latest = live?.clock.now() ?? 0n;
      let arrivedAt = live?.clock.monotonic() ?? 0n;
      let seen = false;
      /** When the first came of those items that lie far behind and that nothing newer has followed, and the time of the last. */
      let behind: { readonly since: bigint; readonly time: bigint } | undefined;
      const turnBack = (time: bigint) => {
        watermark = time;
        latest = time;
        byClock = false;
        behind = undefined;
      };
      const reach = (time: bigint, clockwise: boolean) => {
        if (time < watermark + period) return;
        watermark = time;
        byClock = clockwise;
        subscriber.next({ type: 'tick', watermark });
      };
      const goOn = ({ clock, latenessMs }: Live) =>
        reach(latest + clock.monotonic() - arrivedAt - BigInt(latenessMs) * 1_000_000n, true);
      /** True for an item that moves no time, because it may be late. */
      const isDoubted = (time: bigint, { clock, latenessMs }: Live): boolean => {
        if (!seen || time + BEHIND >= latest) {
          behind = undefined;
          return false;
        }
        const now = clock.monotonic();
        if (!behind || now - behind.since < BigInt(latenessMs) * 1_000_000n) {
          behind = { since: behind?.since ?? now, time };
          return true;
        }
        turnBack(behind.time);
        return false;
      };
      const follow = (time: bigint) => {
        // In the silence the clock may have gone ahead of the events: they take over again.
        if (byClock && time < watermark) watermark = time;
        byClock = false;
        reach(time, false);
        if (!seen || time > latest) latest = time;
        seen = true;
      };
      const stop = live?.clock.every(periodMs, () => goOn(live));
      const subscription = source.subscribe({
        next: (item) => {
          const time = timeOf(item);
          if (live && time > live.clock.now() + FUTURE) return subscriber.next(item);
          if (live) arrivedAt = live.clock.monotonic();
          // An item without a time says nothing of it.
          if (!live || (time > 0n && !isDoubted(time, live))) follow(time);
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
