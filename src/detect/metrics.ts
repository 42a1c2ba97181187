import { DETECTORS, SEVERITIES } from '../model/verdict.ts';
import { Counter, Gauge, type Registry } from '../platform/metrics.ts';

export const createDetectMetrics = (registry: Registry) => {
  const findings = new Counter({
    name: 'creance_findings_total',
    help: 'Findings raised, by detector and severity.',
    labelNames: ['detector', 'severity'],
    registers: [registry],
  });
  for (const detector of DETECTORS) for (const severity of SEVERITIES) findings.inc({ detector, severity }, 0);
  return { findings };
};
export type DetectMetrics = ReturnType<typeof createDetectMetrics>;

export const createLearnMetrics = (registry: Registry) => ({
  learned: new Counter({
    name: 'creance_baseline_sessions_learned_total',
    help: 'Clean sessions that joined a baseline.',
    registers: [registry],
  }),
  commitFailures: new Counter({
    name: 'creance_baseline_commit_failures_total',
    help: 'Learned sessions that the store could not keep.',
    registers: [registry],
  }),
  pending: new Gauge({
    name: 'creance_baseline_commits_pending',
    help: 'Learned sessions that the store has not confirmed yet.',
    registers: [registry],
  }),
});
export type LearnMetrics = ReturnType<typeof createLearnMetrics>;
