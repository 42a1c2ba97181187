import type { Severity } from '../model/verdict.ts';
import type { SessionReport } from './session-report.ts';

/** What a report needs to know besides its sessions. */
export interface ReportContext {
  /** Of this program. */
  readonly version: string;
  /** Findings from here on fail the job. */
  readonly floor: Severity;
  /** Sessions that are not in the report, for there were too many. */
  readonly leftOut: number;
}

/** A report of all sessions so far: a pure function, so that a report can be written anew when another session ends. */
export type Render = (sessions: readonly SessionReport[], context: ReportContext) => string;
