import type { Finding, Verdict } from '../model/verdict.ts';
import { redact } from '../platform/redact.ts';
import type { Render } from './report-context.ts';
import type { Reporter } from './reporter.ts';

/** One JSON object a line for each session, when it ends. */
export const verdictsReporter = (recording: string): Reporter => ({
  take: (verdict) => (verdict.ended ? verdictLine(recording, verdict) : ''),
  end: () => '',
});

/** The same of sessions that have ended. */
export const verdicts: Render = (sessions) => sessions.map((report) => verdictLine(report.recording, report)).join('');

type Judged = Pick<Verdict, 'session' | 'findings' | 'gaps'>;

const verdictLine = (recording: string, judged: Judged): string => `${JSON.stringify(toJson(recording, judged))}\n`;

const toJson = (recording: string, { session, findings, gaps }: Judged) => ({
  recording,
  session: session.id,
  agent: session.agent,
  scope: session.scope,
  findings: findings.map(findingJson),
  gaps: gaps.map(({ cause, from, to, lost }) => ({ cause, from: String(from), to: String(to), lost })),
});

const findingJson = ({ at, start, end, summary, expected, teaches: _, ...rest }: Finding) => ({
  ...rest,
  at: String(at),
  start: String(start),
  end: String(end),
  summary: redact(summary),
  ...(expected !== undefined && { expected: redact(expected) }),
});
