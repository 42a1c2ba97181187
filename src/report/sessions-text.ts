import { severityAtLeast } from '../model/verdict.ts';
import type { SessionReport } from './session-report.ts';
import { worst } from './severity.ts';

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Repository, workflow and job of a session, as far as they are known. */
export const scopeText = ({ session: { scope } }: Pick<SessionReport, 'session'>): string =>
  [scope.repository, scope.workflow, scope.job].filter((part) => part !== undefined).join(' › ') || 'no CI scope';

/** One phrase: how a session went. */
export const outcome = ({ findings, gaps }: Pick<SessionReport, 'findings' | 'gaps'>): string => {
  const severity = worst(findings);
  const blind = gaps.length > 0 ? `, ${count(gaps.length, 'gap')} in what was seen` : '';
  return severity && severityAtLeast(severity, 'warning')
    ? `${severity}: ${count(findings.length, 'finding')}${blind}`
    : `nothing to report${blind}`;
};
