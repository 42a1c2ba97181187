import type { AgentAction } from '../model/action.ts';
import { PRIORITIES } from '../model/event.ts';
import type { Gap } from '../model/flow.ts';
import type { Session } from '../model/session.ts';
import type { Nanos } from '../model/time.ts';
import type { SessionEnd, SessionGap, SessionStart } from '../model/traced.ts';
import type { Finding, Severity, Verdict } from '../model/verdict.ts';
import type { Machine } from '../stream/machine.ts';
import type { IsAccepted } from './acceptance/acceptances.ts';
import { unlessAccepted } from './acceptance/accepted.ts';
import { exactStepOf, matchName } from './acceptance/names.ts';
import type { Baselines } from './baseline/baselines.ts';
import { capNew } from './baseline/cap.ts';
import { SessionDeviation } from './baseline/deviation.ts';
import { BLIND, type Doubt, doubtsOf } from './baseline/policy.ts';
import type { SessionProfile } from './baseline/profile.ts';
import type { DetectConfig } from './config.ts';
import { SequenceMatcher } from './sequence/matcher.ts';
import type { SequenceRule } from './sequence/rule.ts';

/** What a clean session has to teach. It leaves the stage for the learner, not for the pipeline. */
export interface Lesson {
  readonly type: 'lesson';
  readonly profile: SessionProfile;
  /** True when the session was seen to its end; else the stream ended before it. */
  readonly complete: boolean;
  /** What speaks against learning it without a person's word; nothing for a clean session. */
  readonly doubts: readonly Doubt[];
}

type Judged = AgentAction | SessionStart | SessionEnd | SessionGap;

interface OpenSession {
  readonly deviation: SessionDeviation;
  readonly matcher: SequenceMatcher;
  /** Of actions that go on, how many alerts of other rules were told already. */
  readonly evidence: Map<number, number>;
  /** What was accepted and told: once is enough. */
  readonly accepted: Set<string>;
  /** It began before what was learned had been read. */
  readonly blind: boolean;
  findings: readonly Finding[];
  gaps: readonly Gap[];
}

/** Gaps told of one session; more add nothing to knowing that it was blind. */
const MAX_GAPS = 64;

/** Holds each action against the baseline and the sequences, and each session's end for what it teaches. */
export const judge = (
  config: DetectConfig,
  rules: readonly SequenceRule[],
  baselines: Baselines,
  isAccepted: IsAccepted = () => false,
): Machine<Map<string, OpenSession>, Judged, Verdict | Lesson> => {
  const openOf = (state: Map<string, OpenSession>, session: Session): OpenSession => {
    let open = state.get(session.id);
    if (!open) {
      const matcher = new SequenceMatcher(config.sequence.enabled ? rules : []);
      const deviation = new SessionDeviation(baselines, config.baseline, isAccepted);
      open = {
        deviation,
        matcher,
        evidence: new Map(),
        accepted: new Set(),
        blind: !baselines.complete,
        findings: [],
        gaps: [],
      };
      state.set(session.id, open);
    }
    return open;
  };

  const onAction = (open: OpenSession, action: AgentAction): Verdict => {
    const known = (name: string) => isAccepted(action.session, name);
    const raised = [
      ...open.matcher.add(action, { gaps: open.gaps, isAccepted: known }),
      ...foreign(action, config.falco.minPriority, open.evidence).map((finding) => unlessAccepted(finding, known)),
    ];
    // What is usual is asked of whole actions only: half a command has no name yet.
    if (!action.preview) raised.push(...open.deviation.add(action));
    const told = raised.filter((finding) => !finding.accepted || isNews(open.accepted, finding));
    return verdict(open, action.session, action.end, told, action);
  };

  const onEnd = (open: OpenSession, { session, time, reason }: SessionEnd): readonly (Verdict | Lesson)[] => {
    const last = { ...verdict(open, session, time, []), ended: true };
    // A session that we saw in part teaches nothing, whoever vouches for it.
    if (open.gaps.length > 0 || session.lateStart || reason === 'silence') return [last];
    const profile = capNew(
      open.deviation.lesson(session, time),
      baselines.of(session).own,
      config.learn.maxNewPerSession,
    );
    const doubts = [...doubtsOf(session, open.findings, config.learn), ...(open.blind ? [BLIND] : [])];
    return [last, { type: 'lesson', profile, complete: reason === 'exit', doubts }];
  };

  return {
    initial: () => new Map(),
    onEvent: (state, input) => {
      switch (input.type) {
        case 'action':
          return [onAction(openOf(state, input.session), input)];
        case 'session-start':
          openOf(state, input.session);
          return [];
        case 'session-gap': {
          const open = openOf(state, input.session);
          if (open.gaps.length < MAX_GAPS) open.gaps = [...open.gaps, input.gap];
          return [verdict(open, input.session, input.gap.to, [])];
        }
        case 'session-end': {
          const outputs = onEnd(openOf(state, input.session), input);
          state.delete(input.session.id);
          return outputs;
        }
      }
    },
    onTick: () => [],
    onEnd: () => [],
  };
};

/** Accepted matches told in one session. */
const MAX_ACCEPTED = 1_000;

const isNews = (told: Set<string>, { teaches }: Finding): boolean => {
  const name = teaches.join();
  if (told.has(name) || told.size >= MAX_ACCEPTED) return false;
  told.add(name);
  return true;
};

const verdict = (
  open: OpenSession,
  session: Session,
  time: Nanos,
  raised: readonly Finding[],
  action?: AgentAction,
): Verdict => {
  if (raised.length > 0) open.findings = [...open.findings, ...raised];
  const { findings, gaps } = open;
  return { type: 'verdict', session, ...(action && { action }), raised, findings, gaps, ended: false, time };
};

const SEVERITY_OF: Readonly<Record<string, Severity>> = { warning: 'warning', error: 'error', notice: 'notice' };

/** Alerts of other Falco rules that are findings by themselves. */
const foreign = (
  action: AgentAction,
  floor: (typeof PRIORITIES)[number],
  told: Map<number, number>,
): readonly Finding[] => {
  const fresh = action.evidence.slice(told.get(action.index) ?? 0);
  if (action.preview) told.set(action.index, action.evidence.length);
  else told.delete(action.index);
  return fresh
    .filter(({ priority }) => PRIORITIES.indexOf(priority) <= PRIORITIES.indexOf(floor))
    .map(({ rule, priority, time, tags }) => ({
      detector: 'falco',
      rule,
      severity: PRIORITIES.indexOf(priority) <= 2 ? 'critical' : (SEVERITY_OF[priority] ?? 'info'),
      at: action.end,
      start: time,
      end: time,
      actions: [action.index],
      summary: `Falco: ${rule}, during ${action.title}`,
      techniques: tags.filter((tag) => /^(T\d{4}|mitre_)/.test(tag)),
      teaches: [matchName('falco', rule, [exactStepOf(action)])],
    }));
};
