import { Observable, type OperatorFunction } from 'rxjs';
import type { Alert, Receipt } from '../model/alert.ts';
import type { Tick } from '../model/flow.ts';
import type { Sink } from './sink.ts';

/** What outlives this process: a Spool. */
export interface Keeper {
  put(alert: Alert): void;
  settle(sink: string, alerts: readonly Alert[]): void;
  pendingFor(sink: Sink): readonly Alert[];
  onLate(tell: (alert: Alert, knownBy: ReadonlySet<string>) => void): void;
}

/**
 * Hands every alert to every sink and passes on their receipts. Each sink has its own queue, so a dead one holds up no
 * other. When the source has ended, all sinks flush at once, for at most `flushMs`; then the stream completes. One that
 * is unsubscribed instead stops at once. With a keeper, an alert is kept before any sink gets it, and what an earlier
 * process left undelivered comes first; `onRestored` is told how many that are.
 */
export const deliver =
  (
    sinks: readonly Sink[],
    flushMs: number,
    keeper?: Keeper,
    onRestored: (sink: string, count: number) => void = () => {},
  ): OperatorFunction<Alert | Tick, Receipt> =>
  (source) =>
    new Observable((subscriber) => {
      for (const sink of sinks) {
        sink.open((receipt, settled = []) => {
          keeper?.settle(sink.name, settled);
          if (receipt.count > 0) subscriber.next(receipt);
        });
        const left = keeper?.pendingFor(sink) ?? [];
        onRestored(sink.name, left.length);
        for (const alert of left) sink.take(alert);
      }
      keeper?.onLate((alert, knownBy) => {
        for (const sink of sinks.filter(({ name }) => !knownBy.has(name))) {
          onRestored(sink.name, 1);
          sink.take(alert);
        }
      });
      let closing: Promise<unknown> | undefined;
      const close = (deadlineMs: number) => {
        closing ??= Promise.all(sinks.map((sink) => sink.close(deadlineMs)));
        return closing;
      };
      const subscription = source.subscribe({
        next: (item) => {
          if (item.type !== 'alert') return;
          keeper?.put(item);
          for (const sink of sinks) sink.take(item);
        },
        error: (error) => void close(flushMs).then(() => subscriber.error(error)),
        complete: () => void close(flushMs).then(() => subscriber.complete()),
      });
      return () => {
        subscription.unsubscribe();
        void close(0);
      };
    });
