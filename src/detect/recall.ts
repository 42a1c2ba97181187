import { Backoff } from '../platform/backoff.ts';
import { type Clock, sleep } from '../platform/clock.ts';
import { errorMessage } from '../platform/error-message.ts';
import { isOverIn } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import type { TellHealth } from './keeping.ts';

/** How long the first try is waited for. */
const PATIENCE_MS = 2_000;
const RETRY = { initialMs: 200, maxMs: 30_000 };

export interface RecallDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly health: TellHealth;
}

/**
 * Has what was learned read from the store: now, or, where it does not answer, as soon as it does. Resolves after the first
 * try or two seconds, or when `signal` aborts: for a service must not stand still, or start again and again, because its
 * store is away or hangs: sequences and the shipped prior need none. Goes on until all is read or `signal` aborts. Never rejects.
 */
export const recall = async (read: () => Promise<void>, { log, clock, signal, health }: RecallDeps): Promise<void> => {
  const backoff = new Backoff(RETRY);
  let told = false;
  const fail = (reason: string): void => {
    if (!told) log.warn({ reason }, 'what was learned cannot be read yet; sessions are judged without it');
    told = true;
    health(false, `what was learned cannot be read, and sessions are judged without it: ${reason}`);
  };
  const isRead = async (): Promise<boolean> => {
    const reason = await read().then(() => undefined, errorMessage);
    if (reason === undefined) health(true, 'what was learned is read');
    else fail(reason);
    return reason === undefined;
  };
  const goOn = async (first: Promise<boolean>): Promise<void> => {
    let done = await first;
    while (!done) {
      await sleep(clock, backoff.next(), signal);
      if (signal.aborted) return;
      done = await isRead();
    }
    if (!signal.aborted) log.info('what was learned is read; sessions that begin now are judged with it');
  };
  const first = isRead();
  const isOver = await isOverIn(first, { clock, limitMs: PATIENCE_MS, signal });
  if (isOver && (await first)) return;
  if (!isOver && !signal.aborted) fail(`no answer within ${PATIENCE_MS / 1_000} s`);
  void goOn(first);
};
