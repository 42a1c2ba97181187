import type { Session } from '../model/session.ts';
import type { Detector, Finding } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';

export type Labels = Readonly<Record<string, string>>;

/** Every label name that an alert has of its own. External labels may not take these names. */
export const LABEL_NAMES = [
  'alertname',
  'severity',
  'agent',
  'detector',
  'rule',
  'repository',
  'workflow',
  'job',
  'namespace',
  'spread',
] as const;

const ALERTNAMES: Readonly<Record<Detector, string>> = {
  baseline: 'CreanceBaselineDeviation',
  sequence: 'CreanceSequenceMatched',
  falco: 'CreanceFalcoAlert',
};

/** Scope parts come from the environment of a process, so an attacker may choose them. */
const MAX_VALUE_BYTES = 256;

/** The identity of the alert that a finding belongs to: equal in every run of the same job. Unknown parts are left out. */
export const labelsOf = (finding: Finding, session: Session, external: Labels): Labels => {
  const { repository, workflow, job } = session.scope;
  const own: Record<(typeof LABEL_NAMES)[number], string | undefined> = {
    alertname: ALERTNAMES[finding.detector],
    severity: finding.severity,
    agent: session.agent,
    detector: finding.detector,
    rule: finding.rule,
    repository,
    workflow,
    job,
    namespace: session.namespace,
    spread: undefined,
  };
  const clean = Object.entries(own).map(([name, value]) => [name, printable(value ?? '', MAX_VALUE_BYTES)] as const);
  return Object.fromEntries([...Object.entries(external), ...clean].filter(([, value]) => value !== ''));
};

/** One text for each label set, whatever order it was written in. */
export const fingerprint = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
