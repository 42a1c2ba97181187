import type { Alert } from '../model/alert.ts';
import { ms, type Nanos, toIso } from '../model/time.ts';
import { earlier, later } from './earlier.ts';

export interface WireOptions {
  readonly resendMs: number;
  readonly minFiringMs: number;
}

export interface Span {
  readonly startsAt: Nanos;
  readonly endsAt: Nanos;
}

/** Re-sends that may fail in a row before Alertmanager takes a firing alert for resolved. */
const MISSED_RESENDS = 4;

/**
 * The alert's times as Alertmanager shall see them at `now`, by wall clock: a replayed alert started long ago, yet its
 * end lies ahead while it fires. A resolved one that fired too shortly to be noticed ends a little later than it did:
 * Alertmanager resolves it then by itself, even if this process is gone. `acceptedAt` is when it first took the alert.
 */
export const spanAt = (alert: Alert, now: Nanos, acceptedAt: Nanos | undefined, options: WireOptions): Span => {
  const startsAt = earlier(alert.startsAt, now);
  if (alert.endsAt === undefined) return { startsAt, endsAt: now + ms(MISSED_RESENDS * options.resendMs) };
  const noticed = (acceptedAt ?? now) + ms(options.minFiringMs);
  const ended = earlier(alert.endsAt, now);
  return { startsAt, endsAt: later(startsAt, noticed > now ? noticed : ended) };
};

/** One element of the array that `POST /api/v2/alerts` takes. */
export const toWire = ({ labels, annotations, generatorURL }: Alert, { startsAt, endsAt }: Span): object => ({
  labels,
  annotations,
  startsAt: toIso(startsAt),
  endsAt: toIso(endsAt),
  ...(generatorURL !== undefined && { generatorURL }),
});
