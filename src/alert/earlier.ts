import type { Nanos } from '../model/time.ts';

/** `Math.min` for moments, which are bigints. */
export const earlier = (a: Nanos, b: Nanos): Nanos => {
  if (b < a) return b;
  return a;
};

export const later = (a: Nanos, b: Nanos): Nanos => {
  if (b > a) return b;
  return a;
};
