import type { Finding } from '../../model/verdict.ts';

/** The finding as it stands when a person has accepted all that it accuses: part of the session's story, and no alert. */
export const unlessAccepted = (finding: Finding, isAccepted: (name: string) => boolean): Finding =>
  finding.teaches.every(isAccepted)
    ? { ...finding, severity: 'info', summary: `accepted: ${finding.summary}`, accepted: true }
    : finding;
