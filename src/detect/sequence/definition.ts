import type { Severity } from '../../model/verdict.ts';
import type { Selection } from './selection.ts';
import type { Timeline } from './timeline/timeline.ts';

/** How a step's observations are told apart or joined: the fact whose value is the key, for each step that has one. */
export interface Join {
  readonly name: string;
  readonly of: ReadonlyMap<string, { readonly fact: string; readonly list?: string }>;
}

/** One step of a sequence: an observation that a selection of the rule fits. */
export interface Step {
  readonly name: string;
  readonly selection: Selection;
}

interface Common {
  /** From the first step's start to the last's end, in nanoseconds. */
  readonly timespan: bigint;
  readonly joins: readonly Join[];
  /** What keeps the rule quiet when it was seen before, within the timespan. */
  readonly unless: readonly Step[];
}

/** All steps, in their order or in any. */
export interface Temporal extends Common {
  readonly type: 'temporal' | 'temporal_ordered';
  readonly steps: readonly Step[];
  /** At most so many actions from the first step to the last. */
  readonly within?: number;
}

/** So many observations, or so many distinct values of one fact. */
export interface Count extends Common {
  readonly type: 'event_count' | 'value_count';
  readonly steps: readonly Step[];
  readonly atLeast: number;
  /** What `value_count` counts. */
  readonly field?: { readonly fact: string; readonly list?: string };
}

export type Correlation = Temporal | Count;
export const CORRELATIONS = ['temporal', 'temporal_ordered', 'event_count', 'value_count'] as const;

/** A known-bad sequence of actions. */
export interface SequenceRule {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly level: Severity;
  readonly tags: readonly string[];
  /** Attack classes that it is meant for; what `creance selftest` goes by. */
  readonly covers: readonly string[];
  readonly falsepositives: readonly string[];
  /** The agent's own housekeeping matches too; else it is left out. */
  readonly housekeeping: boolean;
  /** Told once in a session, however often it matches. */
  readonly once: boolean;
  readonly correlation: Correlation;
  readonly tests: readonly Timeline[];
  /** Where it was read from. */
  readonly file: string;
}
