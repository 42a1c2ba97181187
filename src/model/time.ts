/**
 * A moment, in nanoseconds since the Unix epoch. A bigint, because Falco's times need 61 bits and a
 * JavaScript number holds 53 exactly.
 */
export type Nanos = bigint;

export const NANOS_PER_MS = 1_000_000n;

/** A duration in milliseconds as nanoseconds. */
export const ms = (milliseconds: number): Nanos => BigInt(Math.round(milliseconds)) * NANOS_PER_MS;

/** RFC 3339 in UTC with milliseconds, the precision a person reads. */
export const toIso = (time: Nanos): string => new Date(Number(time / NANOS_PER_MS)).toISOString();
