import type { Finding, Verdict } from '../model/verdict.ts';
import { redact } from '../platform/redact.ts';
import type { Reporter } from './reporter.ts';

/** One JSON object a line for each session, when it ends. */
export const verdictsReporter = (recording: string): Reporter => ({
  take: (verdict) => (verdict.ended ? `${JSON.stringify(toJson(recording, verdict))}\n` : ''),
  end: () => '',
});

const toJson = (recording: string, { session, findings, gaps }: Verdict) => ({
  recording,
  session: session.id,
  agent: session.agent,
  scope: session.scope,
  findings: findings.map(findingJson),
  gaps: gaps.map(({ cause, from, to, lost }) => ({ cause, from: String(from), to: String(to), lost })),
});

const findingJson = ({ at, start, end, summary, expected, ...rest }: Finding) => ({
  ...rest,
  at: String(at),
  start: String(start),
  end: String(end),
  summary: redact(summary),
  ...(expected !== undefined && { expected: redact(expected) }),
});
