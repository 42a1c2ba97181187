import { configSchema } from '../../src/config.ts';
import { Baselines } from '../../src/detect/baseline/baselines.ts';
import type { Prior } from '../../src/detect/baseline/prior.ts';
import type { SessionProfile } from '../../src/detect/baseline/profile.ts';
import { judge } from '../../src/detect/judge.ts';
import type { SequenceRule } from '../../src/detect/sequence/rule.ts';
import { type Finding, severityAtLeast } from '../../src/model/verdict.ts';
import type { Recording } from './recordings.ts';

const { detect } = configSchema.parse({});
/** Something that learns clean sessions and says where others leave them. */
export interface Detector {
  learn(recording: Recording): unknown;
  /** Alerts of one session, with the stretch that each accuses. */
  alerts(recording: Recording): readonly Pick<Finding, 'detector' | 'rule' | 'start' | 'end' | 'summary'>[];
}

export type Priors = (agent: string) => Prior | undefined;

/** The product's own detector: the baseline by itself, unless it is given sequence rules. */
export const productDetector = (priors: Priors = () => undefined, rules: readonly SequenceRule[] = []) => {
  const baselines = new Baselines({ ...detect.baseline, prior: priors });
  const run = (recording: Recording) => {
    const machine = judge(detect, rules, baselines);
    const state = machine.initial();
    return recording.inputs.flatMap((input) => machine.onEvent(state, input));
  };
  return {
    baselines,
    /** Learns the clean sessions in a recording; returns them. */
    learn: (recording: Recording): readonly SessionProfile[] =>
      run(recording).flatMap((output) =>
        output.type === 'lesson' && baselines.add(output.profile) ? [output.profile] : [],
      ),
    alerts: (recording: Recording) =>
      run(recording).flatMap((output) =>
        output.type === 'verdict' ? output.raised.filter(({ severity }) => severityAtLeast(severity, 'warning')) : [],
      ),
  };
};

export interface Tally {
  clean: number;
  accused: string[];
  attacks: number;
  located: number;
  missed: string[];
}

/** How many attacks are located and how many clean sessions accused. */
export const tally = (detector: Detector, recordings: readonly Recording[]): Tally => {
  const result: Tally = { clean: 0, accused: [], attacks: 0, located: 0, missed: [] };
  for (const recording of recordings) {
    const { attack, from, to, task } = recording.truth;
    const alerts = detector.alerts(recording);
    if (!attack) {
      result.clean++;
      if (alerts.length > 0) result.accused.push(`${recording.name} (${task}): ${alerts[0]?.summary}`);
      continue;
    }
    result.attacks++;
    if (alerts.some(({ start, end }) => end >= from && start <= to)) result.located++;
    else result.missed.push(recording.name);
  }
  return result;
};
