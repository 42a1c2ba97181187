import type { Nanos } from '../model/time.ts';

/**
 * Typed, total access to a field's value. Both intakes pass here: JSON gives typed values, gRPC gives strings. Null,
 * missing, `<NA>` and the empty string are all "absent": Falco prints the empty string for a variable that is not set
 * and for the name of a refused connection.
 */
export const text = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value === '' || value === '<NA>' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
};

/** A whole number that a JavaScript number holds exactly. */
export const integer = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,16}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
};

/** Nanoseconds since the epoch; a JSON number above 2^53 must have been put back to its digits before. */
export const nanos = (value: unknown): Nanos | undefined => {
  if (typeof value === 'string') return /^\d{1,19}$/.test(value) ? BigInt(value) : undefined;
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
  return undefined;
};

export const bool = (value: unknown): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
};
