import { type Finding, SEVERITIES, type Severity } from '../model/verdict.ts';

/** The most severe of some findings. */
export const worst = (findings: readonly Finding[]): Severity | undefined => byWorst(findings)[0]?.severity;

/** The most severe first; equal ones stay in the order in which they were raised. */
export const byWorst = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
