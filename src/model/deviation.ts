/** How much a scope has learned: `stale` has not learned for long. */
export const READINESS = ['cold', 'learning', 'ready', 'stale'] as const;
export type Readiness = (typeof READINESS)[number];

/** One thing that was not usual about an action. */
export interface Unusual {
  /** What came, in words. */
  readonly what: string;
  /** True when all of it is known here and only its place in the order is not. */
  readonly order: boolean;
  /** What it adds to the score. */
  readonly score: number;
  /** In how many of the scope's sessions it was seen before. */
  readonly seen: number;
}

/** Why a baseline finding was raised: what was usual, and what came instead. */
export interface Deviation {
  readonly score: number;
  /** The score from which it is an alert in this scope. */
  readonly threshold: number;
  /** Share of the scope's clean sessions that score as high, this one counted with them. */
  readonly pValue: number;
  readonly readiness: Readiness;
  /** Sessions that the scope has learned from. */
  readonly sessions: number;
  readonly unusual: readonly Unusual[];
  /** What usually comes after the action before, the most frequent first. */
  readonly expected: readonly { readonly symbol: string; readonly times: number; readonly of: number }[];
}
