import type { Nanos } from '../model/time.ts';

/** Later than any event. */
export const NEVER: Nanos = 1n << 63n;

/** The first of some moments; `NEVER` of none. */
export const earliest = (moments: readonly Nanos[]): Nanos => {
  let first = NEVER;
  for (const moment of moments) if (moment < first) first = moment;
  return first;
};
