import { type Nanos, toIso } from '../model/time.ts';

/** Time of day in UTC, to the tenth of a second: what tells actions of one session apart. */
export const clockTime = (time: Nanos): string => toIso(time).slice(11, 21);

/** A length of time as a person says it: `340 ms`, `12.3 s`, `4 min 10 s`. */
export const duration = (length: Nanos): string => {
  const millis = Number(length / 1_000_000n);
  if (millis < 1_000) return `${millis} ms`;
  if (millis < 60_000) return `${(millis / 1_000).toFixed(1)} s`;
  return `${Math.floor(millis / 60_000)} min ${Math.round((millis % 60_000) / 1_000)} s`;
};
