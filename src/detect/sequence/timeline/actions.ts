import type { ActionKind, AgentAction, Connection, Effects, Network, Touch } from '../../../model/action.ts';
import type { Gap } from '../../../model/flow.ts';
import { pathClass } from '../../../model/path-class.ts';
import type { Session } from '../../../model/session.ts';
import {
  AGENT,
  BEGIN,
  endpointOf,
  HOME,
  pathsOf,
  pauseOf,
  type Timeline,
  type TimelineStep,
  WORKSPACE,
} from './timeline.ts';

/** How long each step of a timeline takes. */
const DURATION = 100_000_000n;

/** What a timeline's steps are once they have come through the pipe: actions, and gaps between them. */
export const actionsOf = (
  timeline: Timeline,
): readonly ({ action: AgentAction; novel: readonly string[] } | { gap: Gap })[] => {
  const session = sessionOf(timeline);
  let time = BEGIN;
  return timeline.steps.map((step, index) => {
    const start = time + pauseOf(step);
    time = start + DURATION;
    if (step.gap !== undefined)
      return {
        gap: {
          type: 'gap',
          cause: step.gap,
          from: start,
          to: time,
          ...(step.lost !== undefined && { lost: step.lost }),
        },
      };
    return { action: actionOf(step, session, index, start, time), novel: step.novel ?? [] };
  });
};

export const sessionOf = ({ session = {} }: Timeline): Session => ({
  id: `${session.agent ?? AGENT}-000000000000`,
  agent: session.agent ?? AGENT,
  node: 'node',
  pid: 100,
  start: BEGIN,
  scope: { repository: 'acme/app' },
  scopeSource: 'environment',
  user: 'runner',
  workspace: WORKSPACE,
  home: HOME,
  unsafeFlags: session.flags ?? [],
  startedBy: session.startedBy ?? 'user',
  recognition: { confidence: 1, evidence: [] },
  ...(session.startedBy === 'agent' && { parent: 'parent-000000000000' }),
  lateStart: false,
});

const actionOf = (step: TimelineStep, session: Session, index: number, start: bigint, end: bigint): AgentAction => {
  const kind = kindOf(step);
  const title =
    step.run ?? step.script ?? step.own ?? `${step.edit === undefined ? 'read' : 'edit'} ${step.edit ?? step.read}`;
  const { falco } = step;
  return {
    type: 'action',
    session,
    index,
    kind,
    title,
    symbol: `${kind}:${(step.family ?? []).join('+')}`,
    start,
    end,
    events: [],
    eventCount: 1,
    effects: effectsOf(step),
    evidence: falco ? [{ ...falco, output: falco.rule, time: start }] : [],
  };
};

const kindOf = (step: TimelineStep): ActionKind => {
  if (step.kind !== undefined) return step.kind;
  if (step.edit !== undefined) return 'file-edit';
  if (step.read !== undefined) return 'file-read';
  return step.own === undefined ? 'shell' : 'housekeeping';
};

const effectsOf = (step: TimelineStep): Effects => {
  const list = (names: readonly string[] | undefined) => pathsOf(names).map(touchOf);
  const one = (name: string | undefined) => list(name === undefined ? [] : [name]);
  const connect = (names: readonly string[] | undefined, modelApi: boolean) =>
    (names ?? []).map((name): Connection => ({ ...endpointOf(name), network: networkOf(name), modelApi }));
  return {
    programs: step.programs ?? [],
    reads: [...one(step.read), ...list(step.reads)],
    writes: [...one(step.edit), ...list(step.writes)],
    deletes: list(step.deletes),
    madeExecutable: list(step.chmod),
    executed: list(step.executes),
    connections: [...connect(step.connects, false), ...connect(step.model, true)],
    listens: step.listens ?? [],
    shellOnSocket: step.shellOnSocket ?? false,
    privilegeCalls: step.calls ?? [],
  };
};

/** Programs that no path tells of, by what stands for them in a timeline. */
const MARKED = /^\/(memfd|upper-layer|disguised)\//;

const touchOf = (path: string): Touch => {
  const guessed = path.startsWith('?');
  const name = MARKED.exec(path)?.[1] ?? pathClass(guessed ? path.slice(1) : path, WORKSPACE);
  return { path, class: name, ...(guessed && { guessed: true as const }) };
};

const NETWORKS: readonly (readonly [start: RegExp, network: Network])[] = [
  [/^(127\.|\[::1\])/, 'loopback'],
  [/^(169\.254\.|\[fe80)/, 'link-local'],
  [/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[f[cd])/, 'private'],
];

const networkOf = (endpoint: string): Network => NETWORKS.find(([start]) => start.test(endpoint))?.[1] ?? 'public';
