import { Backoff } from '../platform/backoff.ts';
import { type Clock, sleep } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { TellHealth } from './keeping.ts';

const RETRY = { initialMs: 200, maxMs: 30_000 };

export interface RecallDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly health: TellHealth;
}

/**
 * Has what was learned read from the store: now, or, where it does not answer, as soon as it does. Resolves after the first
 * try, for a service must not stand still, or start again and again, because its store is away: sequences and the shipped
 * prior need none. Goes on until all is read or `signal` aborts. Never rejects.
 */
export const recall = async (read: () => Promise<void>, { log, clock, signal, health }: RecallDeps): Promise<void> => {
  const backoff = new Backoff(RETRY);
  const isRead = async (): Promise<boolean> => {
    const reason = await read().then(() => undefined, messageOf);
    if (reason === undefined) health(true, 'what was learned is read');
    else {
      if (!told) log.warn({ reason }, 'what was learned cannot be read yet; sessions are judged without it');
      told = true;
      health(false, `what was learned cannot be read, and sessions are judged without it: ${reason}`);
    }
    return reason === undefined;
  };
  const goOn = async (): Promise<void> => {
    do await sleep(clock, backoff.next(), signal);
    while (!signal.aborted && !(await isRead()));
    if (!signal.aborted) log.info('what was learned is read; sessions that begin now are judged with it');
  };
  let told = false;
  if (!(await isRead())) void goOn();
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
