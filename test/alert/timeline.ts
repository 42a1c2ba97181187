import { alertConfig } from '../../src/alert/config.ts';
import { incidents } from '../../src/alert/incident.ts';
import type { AgentAction } from '../../src/model/action.ts';
import type { Alert } from '../../src/model/alert.ts';
import type { Session } from '../../src/model/session.ts';
import { ms, type Nanos } from '../../src/model/time.ts';
import type { Finding, Verdict } from '../../src/model/verdict.ts';

/** 2026-03-01T12:00:00Z. */
export const START: Nanos = 1_772_366_400_000_000_000n;
export const at = (seconds: number): Nanos => START + ms(seconds * 1_000);

export const aSession = (over: Partial<Session> = {}): Session => ({
  id: 'claude-code-0123456789ab',
  agent: 'claude-code',
  node: 'node-1',
  pid: 4711,
  start: START,
  scope: { repository: 'acme/shop', workflow: 'ci', job: 'fix' },
  scopeSource: 'environment',
  runId: '123',
  ciServer: 'https://github.com',
  pod: 'runner-abc',
  namespace: 'runners',
  unsafeFlags: [],
  startedBy: 'user',
  recognition: { confidence: 1, evidence: [] },
  lateStart: false,
  ...over,
});

export const aFinding = (over: Partial<Finding> = {}): Finding => ({
  detector: 'sequence',
  rule: 'read-secret-then-connect',
  severity: 'warning',
  at: START,
  start: START,
  end: START,
  actions: [0],
  summary: 'read a secret, then connected to an unknown host',
  techniques: ['T1552'],
  teaches: [],
  ...over,
});

export const anAction = (session: Session, over: Partial<AgentAction> = {}): AgentAction => ({
  type: 'action',
  session,
  index: 0,
  kind: 'shell',
  title: 'cat ~/.aws/credentials',
  symbol: 'shell:cat',
  start: START,
  end: START,
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

/** A verdict at `seconds` on the timeline; findings are raised at that moment. */
export const aVerdict = (
  seconds: number,
  session: Session,
  raised: readonly Partial<Finding>[] = [],
  over: Partial<Verdict> = {},
): Verdict => ({
  type: 'verdict',
  session,
  raised: raised.map((finding) => aFinding({ at: at(seconds), ...finding })),
  findings: [],
  gaps: [],
  ended: false,
  time: at(seconds),
  ...over,
});

export const ended = (seconds: number, session: Session): Verdict => aVerdict(seconds, session, [], { ended: true });

export const config = alertConfig.parse({});

/** What each verdict of a timeline leads to. */
export const play = (verdicts: readonly Verdict[], over: Partial<Parameters<typeof incidents>[0]> = {}): Alert[][] => {
  const core = incidents({ ...config, ...over });
  const state = core.initial();
  return verdicts.map((verdict) => [...core.onEvent(state, verdict)]);
};

/** An alert as the core makes it, told apart by `rule`. */
export const anAlert = (rule: string, over: Partial<Alert> = {}): Alert => ({
  type: 'alert',
  labels: { alertname: 'CreanceSequenceMatched', severity: 'warning', rule },
  annotations: { summary: `it was ${rule}` },
  startsAt: START,
  ...over,
});
