import type { AgentAction } from '../../src/model/action.ts';
import type { Session } from '../../src/model/session.ts';
import type { Finding, Verdict } from '../../src/model/verdict.ts';
import type { ReportContext } from '../../src/report/report-context.ts';
import type { SessionReport } from '../../src/report/session-report.ts';

/** 2026-03-01T12:00:00Z. */
const START = 1_772_366_400_000_000_000n;
export const at = (seconds: number): bigint => START + BigInt(Math.round(seconds * 1_000)) * 1_000_000n;

export const aSession = (over: Partial<Session> = {}): Session => ({
  id: 'claude-code-0123456789ab',
  agent: 'claude-code',
  node: 'node-1',
  pid: 4711,
  start: START,
  scope: { repository: 'acme/shop', workflow: 'ci', job: 'fix' },
  scopeSource: 'environment',
  workspace: '/work/shop',
  unsafeFlags: [],
  startedBy: 'user',
  recognition: { confidence: 1, evidence: [] },
  lateStart: false,
  ...over,
});

/** One action a second, of these titles. */
export const anAction = (index: number, title: string, over: Partial<AgentAction> = {}): AgentAction => ({
  type: 'action',
  session: aSession(),
  index,
  kind: 'shell',
  title,
  symbol: `shell:${title.split(' ')[0]}`,
  start: at(index),
  end: at(index + 0.5),
  events: [],
  eventCount: 1,
  effects: {
    programs: [],
    reads: [],
    writes: [],
    deletes: [],
    madeExecutable: [],
    executed: [],
    connections: [],
    listens: [],
    shellOnSocket: false,
    privilegeCalls: [],
  },
  evidence: [],
  ...over,
});

export const aFinding = (over: Partial<Finding> = {}): Finding => ({
  detector: 'sequence',
  rule: 'credential-read',
  severity: 'error',
  at: at(1),
  start: at(1),
  end: at(1),
  actions: [0],
  summary: 'A credential was read',
  techniques: ['T1552'],
  teaches: [],
  ...over,
});

export const aReport = (
  titles: readonly string[],
  findings: readonly Finding[] = [],
  over: Partial<SessionReport> = {},
): SessionReport => ({
  recording: 'one',
  session: aSession(),
  actions: titles.map((title, index) => anAction(index, title)),
  unshown: 0,
  findings,
  gaps: [],
  end: at(titles.length),
  ...over,
});

/** The verdicts that lead to such a report. */
export const verdictsOf = ({ session, actions, findings, gaps, end }: SessionReport): readonly Verdict[] => {
  const common = { type: 'verdict', session, gaps } as const;
  const told = (index: number) => findings.filter((finding) => (finding.actions.at(-1) ?? 0) === index);
  return [
    ...actions.map((action) => ({
      ...common,
      action,
      raised: told(action.index),
      findings,
      ended: false,
      time: action.end,
    })),
    { ...common, raised: [], findings, ended: true, time: end },
  ];
};

export const context: ReportContext = { version: '1.2.3', floor: 'warning', leftOut: 0 };
