import type { AgentAction } from './action.ts';
import type { Deviation } from './deviation.ts';
import type { Gap } from './flow.ts';
import type { Session } from './session.ts';
import type { Nanos } from './time.ts';

/** Least first. `warning` and above are alerts. */
export const SEVERITIES = ['info', 'notice', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const severityAtLeast = (severity: Severity, floor: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(floor);

export const DETECTORS = ['baseline', 'sequence', 'falco'] as const;
export type Detector = (typeof DETECTORS)[number];

/** One deviation from the baseline, or one matched sequence, with its evidence. */
export interface Finding {
  readonly detector: Detector;
  /** Id of the sequence rule, kind of deviation, or name of the Falco rule. A closed set for alerts. */
  readonly rule: string;
  readonly severity: Severity;
  /** Event time at which it was raised: when the alert could first have been sent. */
  readonly at: Nanos;
  /** The stretch of the session that it accuses. */
  readonly start: Nanos;
  readonly end: Nanos;
  /** Indexes of the accused actions. */
  readonly actions: readonly number[];
  /** One line that a person understands. */
  readonly summary: string;
  /** What was expected here, and how often it was seen. */
  readonly expected?: string;
  /** Why, in figures, where the baseline raised it. */
  readonly deviation?: Deviation;
  /** Ids of published techniques (MITRE ATT&CK and the like). */
  readonly techniques: readonly string[];
  /** The names that accepting it would make known in its scope. */
  readonly teaches: readonly string[];
  /** Set where a person has accepted it: it is told, and no alert. */
  readonly accepted?: true;
}

/**
 * The findings of a session so far. One is handed on for each action, `raised` holding what that action added, and a
 * last one with `ended` when the session is over.
 */
export interface Verdict {
  readonly type: 'verdict';
  readonly session: Session;
  readonly action?: AgentAction;
  readonly raised: readonly Finding[];
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly ended: boolean;
  readonly time: Nanos;
}
