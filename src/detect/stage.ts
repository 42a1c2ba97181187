import { filter, type OperatorFunction, tap } from 'rxjs';
import type { AgentAction } from '../model/action.ts';
import type { Tick } from '../model/flow.ts';
import type { SessionEnd, SessionGap, SessionStart } from '../model/traced.ts';
import type { Verdict } from '../model/verdict.ts';
import { machine } from '../stream/machine.ts';
import type { IsAccepted } from './acceptance/acceptances.ts';
import type { Baselines } from './baseline/baselines.ts';
import type { DetectConfig } from './config.ts';
import { judge, type Lesson } from './judge.ts';
import type { DetectMetrics } from './metrics.ts';
import type { SequenceRule } from './sequence/rule.ts';

export interface DetectDeps {
  readonly rules: readonly SequenceRule[];
  readonly baselines: Baselines;
  readonly metrics: DetectMetrics;
  readonly onFault: (error: unknown) => void;
  /** What people have accepted. */
  readonly isAccepted?: IsAccepted;
  /** Takes what clean sessions teach; absent where nothing is to be learned. */
  readonly learn?: (lesson: Lesson) => unknown;
}

type Judged = AgentAction | SessionStart | SessionEnd | SessionGap;

/** Actions in, verdicts out. Lessons go to the learner before the next action is judged. */
export const detect =
  (
    config: DetectConfig,
    { rules, baselines, metrics, onFault, learn, isAccepted }: DetectDeps,
  ): OperatorFunction<Judged | Tick, Verdict | Tick> =>
  (source) =>
    source.pipe(
      machine(judge(config, rules, baselines, isAccepted), onFault),
      tap((item) => {
        if (item.type === 'lesson') learn?.(item);
        else if (item.type === 'verdict')
          for (const { detector, severity } of item.raised) metrics.findings.inc({ detector, severity });
      }),
      filter((item) => item.type !== 'lesson'),
    );
