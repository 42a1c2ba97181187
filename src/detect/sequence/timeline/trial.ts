import type { Severity } from '../../../model/verdict.ts';
import type { SequenceRule } from '../definition.ts';
import { eventsOf, untold } from './events.ts';
import { pauseOf } from './timeline.ts';

/** A rule's timeline, ready to be sent through the whole pipe. */
export interface Trial {
  readonly rule: string;
  readonly level: Severity;
  readonly covers: readonly string[];
  readonly name: string;
  readonly expect: 'match' | 'quiet';
  /** Why it cannot be told as events of Falco's. */
  readonly untold?: string;
  /** The events, from `begin` on, in a CI job of that name; each trial's processes have ids of their own. */
  readonly events: (begin?: bigint, job?: string) => readonly string[];
  /** How long it lasts, in nanoseconds. */
  readonly lasts: bigint;
}

/** Process ids of trials: above those that a machine with default settings gives away. */
const FIRST_PID = 4_200_000;
const PIDS_EACH = 200;

export const trialsOf = (rules: readonly SequenceRule[]): readonly Trial[] =>
  rules
    .flatMap((rule) => rule.tests.map((timeline) => ({ rule, timeline })))
    .map(({ rule, timeline }, index) => {
      const why = untold(timeline);
      return {
        rule: rule.id,
        level: rule.level,
        covers: rule.covers,
        name: timeline.name,
        expect: timeline.expect,
        ...(why !== undefined && { untold: why }),
        events: (begin, job) => eventsOf(timeline, begin, FIRST_PID + index * PIDS_EACH, job),
        lasts: timeline.steps.reduce((sum, step) => sum + pauseOf(step) + 1_000_000_000n, 2_000_000_000n),
      };
    });
