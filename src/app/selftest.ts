import { from } from 'rxjs';
import { type AppDeps, flow, type Knowledge } from '../app.ts';
import { type Trial, trialsOf } from '../detect/sequence/timeline/trial.ts';
import type { RawRecord } from '../model/record.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import { systemClock } from '../platform/clock.ts';
import { createRegistry } from '../platform/metrics.ts';
import { listRules } from './rules.ts';

/** What one of the rules' timelines brought about, as events through the whole pipe. */
export interface TrialResult extends Trial {
  readonly findings: readonly Finding[];
}

/** Sends the timelines of all rules through the pipe, as this configuration makes it; alerts go nowhere. */
export const selftest = async (knowledge: Knowledge, deps: AppDeps): Promise<readonly TrialResult[]> => {
  const results: TrialResult[] = [];
  for (const trial of trialsOf(listRules(deps.config))) {
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

/** The events of the timelines that must be found, ending now, for a consumer elsewhere. */
export const selftestEvents = ({ config, clock = systemClock }: Pick<AppDeps, 'config' | 'clock'>): readonly string[] =>
  trialsOf(listRules(config))
    .filter(({ expect, untold }) => expect === 'match' && untold === undefined)
    .flatMap(({ events, lasts }) => events(clock.now() - lasts));
