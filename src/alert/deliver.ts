import { Observable, type OperatorFunction } from 'rxjs';
import type { Alert, Receipt } from '../model/alert.ts';
import type { Tick } from '../model/flow.ts';
import type { Sink } from './sink.ts';

/**
 * Hands every alert to every sink and passes on their receipts. Each sink has its own queue, so a dead one holds up no
 * other. When the source has ended, all sinks flush at once, for at most `flushMs`; then the stream completes. One that
 * is unsubscribed instead stops at once.
 */
export const deliver =
  (sinks: readonly Sink[], flushMs: number): OperatorFunction<Alert | Tick, Receipt> =>
  (source) =>
    new Observable((subscriber) => {
      for (const sink of sinks) sink.open((receipt) => subscriber.next(receipt));
      let closing: Promise<unknown> | undefined;
      const close = (deadlineMs: number) => {
        closing ??= Promise.all(sinks.map((sink) => sink.close(deadlineMs)));
        return closing;
      };
      const subscription = source.subscribe({
        next: (item) => {
          if (item.type === 'alert') for (const sink of sinks) sink.take(item);
        },
        error: (error) => void close(flushMs).then(() => subscriber.error(error)),
        complete: () => void close(flushMs).then(() => subscriber.complete()),
      });
      return () => {
        subscription.unsubscribe();
        void close(0);
      };
    });
