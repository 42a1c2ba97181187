import type { Verdict } from '../model/verdict.ts';

/** Makes text of verdicts as they come. */
export interface Reporter {
  /** What is to be written now; empty while nothing is due. */
  take(verdict: Verdict): string;
  /** What closes the report of all sessions. */
  end(): string;
}
