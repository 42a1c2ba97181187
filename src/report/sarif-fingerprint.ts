import { createHash } from 'node:crypto';
import type { Finding } from '../model/verdict.ts';
import type { SessionReport } from './session-report.ts';

/** Equal for the same finding of another run: made of the scope and of what was done, without times, ids and places. */
export const fingerprintOf = ({ detector, rule, actions }: Finding, report: SessionReport): string => {
  const { scope, agent } = report.session;
  const symbols = report.actions.filter(({ index }) => actions.includes(index)).map(({ symbol }) => symbol);
  const identity = [detector, rule, agent, scope.repository, scope.workflow, scope.job, ...new Set(symbols)];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
};
