/** Something that must hold. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** The figures that it was judged by, or what is wrong. */
  readonly detail: string;
}

export const equal = (name: string, actual: number, expected: number): Check => ({
  name,
  ok: actual === expected,
  detail: actual === expected ? `${actual}` : `${actual} instead of ${expected}`,
});

export const within = (name: string, actual: number, least: number, most: number, unit = ''): Check => ({
  name,
  ok: actual >= least && actual <= most,
  detail: `${tidy(actual)}${unit}, allowed ${tidy(least)} to ${tidy(most)}${unit}`,
});

/** Holds when there is none; else shows some. */
export const none = (name: string, wrong: readonly unknown[], among = ''): Check => ({
  name,
  ok: wrong.length === 0,
  detail: wrong.length === 0 ? `none${among}` : `${wrong.length}: ${wrong.slice(0, 3).map(String).join(' | ')}`,
});

const tidy = (value: number): string => String(Math.round(value * 100) / 100);
