import type { SequenceRule } from '../definition.ts';
import { SequenceMatcher } from '../matcher.ts';
import { actionsOf, sessionOf } from './actions.ts';
import type { Timeline } from './timeline.ts';

/** Whether a rule did in a timeline what the timeline expects. */
export interface Proof {
  readonly rule: SequenceRule;
  readonly timeline: Timeline;
  readonly ok: boolean;
}

/** Runs each of the rule's own timelines past the rule. */
export const prove = (rule: SequenceRule): readonly Proof[] =>
  rule.tests.map((timeline) => ({ rule, timeline, ok: matches(rule, timeline) === (timeline.expect === 'match') }));

/** True when the rule matches in the timeline. */
export const matches = (rule: SequenceRule, timeline: Timeline): boolean => {
  const matcher = new SequenceMatcher([rule]);
  const session = sessionOf(timeline);
  return actionsOf(timeline)
    .map((step) =>
      'gap' in step ? matcher.addGap(step.gap, { session }) : matcher.add(step.action, { novel: step.novel }),
    )
    .some((findings) => findings.length > 0);
};
