import { READINESS, type Readiness } from '../model/deviation.ts';
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
  quarantined: new Counter({
    name: 'creance_baseline_sessions_quarantined_total',
    help: 'Sessions that wait for a person before they are learned.',
    registers: [registry],
  }),
  refused: new Counter({
    name: 'creance_baseline_sessions_refused_total',
    help: 'Sessions of scopes beyond detect.baseline.maxScopes, which are not learned.',
    registers: [registry],
  }),
  commitFailures: new Counter({
    name: 'creance_baseline_commit_failures_total',
    help: 'Tries to keep a learned session that the store did not take; each is tried again.',
    registers: [registry],
  }),
  lost: new Counter({
    name: 'creance_baseline_sessions_lost_total',
    help: 'Learned sessions that were given up because the store did not answer.',
    registers: [registry],
  }),
  pending: new Gauge({
    name: 'creance_baseline_commits_pending',
    help: 'Learned sessions that the store has not confirmed yet.',
    registers: [registry],
  }),
});
export type LearnMetrics = ReturnType<typeof createLearnMetrics>;

/** What is read from the store while the service runs. */
export const createStoreMetrics = (registry: Registry) => ({
  accepted: new Gauge({
    name: 'creance_accepted_incidents',
    help: 'Incidents that people have accepted, those that have expired included.',
    registers: [registry],
  }),
  changes: new Counter({
    name: 'creance_baseline_store_changes_total',
    help: 'Sessions that the store had and we had not (added), or the other way round (removed), or that it had forgotten and got back (returned).',
    labelNames: ['change'],
    registers: [registry],
  }),
  failures: new Counter({
    name: 'creance_store_read_failures_total',
    help: 'Looks at the store that it did not answer while the service ran; what was known goes on.',
    registers: [registry],
  }),
});

/** How far the baselines have come, by readiness; read when the metrics are. */
export const observeBaselines = (
  registry: Registry,
  read: () => {
    readonly scopes: Readonly<Record<Readiness, number>>;
    readonly sessions: number;
    readonly complete: boolean;
  },
): void => {
  new Gauge({
    name: 'creance_baseline_scopes',
    help: 'Scopes that have a baseline, by how far it has come.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { scopes } = read();
      for (const state of READINESS) this.set({ state }, scopes[state]);
    },
  });
  new Gauge({
    name: 'creance_baseline_sessions',
    help: 'Sessions that the baselines in memory were learned from.',
    registers: [registry],
    collect() {
      this.set(read().sessions);
    },
  });
  new Gauge({
    name: 'creance_baseline_read',
    help: '1 when what was learned has been read from the store, 0 while sessions are judged without it.',
    registers: [registry],
    collect() {
      this.set(read().complete ? 1 : 0);
    },
  });
};
