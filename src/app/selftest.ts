import { from } from 'rxjs';
import { flow } from '../app.ts';
import { type Trial, trialsOf } from '../detect/sequence/timeline/trial.ts';
import type { RawRecord } from '../model/record.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import { createRegistry } from '../platform/metrics.ts';
import type { AppDeps, Knowledge } from './knowledge.ts';
import { listRules } from './rules.ts';

/** What one of the rules' timelines brought about, as events through the whole pipe. */
export interface TrialResult extends Trial {
  readonly findings: readonly Finding[];
}

/** Sends the timelines of all rules, or of one, through the pipe, as this configuration makes it; alerts go nowhere. */
export const selftest = async (knowledge: Knowledge, deps: AppDeps, rule?: string): Promise<readonly TrialResult[]> => {
  const trials = trialsOf(listRules(deps.config)).filter((trial) => rule === undefined || trial.rule === rule);
  if (trials.length === 0) throw new Error(`no rule ${rule ?? ''} has a timeline`);
  const results: TrialResult[] = [];
  for (const trial of trials) {
    if (deps.signal.aborted) break;
    const findings: Finding[] = [];
    if (trial.untold === undefined) {
      const records = from(trial.events().map((text): RawRecord => ({ type: 'json', text })));
      const onVerdict = ({ raised }: Verdict) => findings.push(...raised);
      await flow({ records, registry: createRegistry(), sinks: [], onVerdict }, knowledge, deps);
    }
    results.push({ ...trial, findings });
  }
  return results;
};
