import { actionConfig } from '../../src/action/config.ts';
import { type Grouped, grouper } from '../../src/action/grouper.ts';
import type { Limit } from '../../src/action/limits.ts';
import type { AgentAction } from '../../src/model/action.ts';
import type { EventProcess, FalcoEvent } from '../../src/model/event.ts';
import type { Session } from '../../src/model/session.ts';
import { ms } from '../../src/model/time.ts';
import type { Branch, Traced, TracedEvent } from '../../src/model/traced.ts';
import { loadCatalogue } from '../../src/process/catalogue.ts';

export const catalogue = loadCatalogue();
export const WORKSPACE = '/home/runner/work/app';
const AGENT_PID = 100;
const START = 1_800_000_000_000_000_000n;

export const at = (millis: number): bigint => START + ms(millis);

export const sessionOf = (agent = 'claude-code', extra: Partial<Session> = {}): Session =>
  ({
    id: `${agent}-000000000000`,
    agent,
    node: 'node-1',
    pid: AGENT_PID,
    start: START,
    scope: { repository: 'acme/app', workflow: 'agent', job: 'implement' },
    scopeSource: 'environment',
    workspace: WORKSPACE,
    unsafeFlags: [],
    lateStart: false,
    ...extra,
  }) as Session;

/** One event as a timeline tells it: when, who, what. */
export interface Step {
  readonly at: number;
  readonly call: string;
  /** Pid of the acting process; the agent's own unless told. */
  readonly pid?: number;
  /** Pid of the direct child of the agent that this happens below. */
  readonly under?: number;
  readonly setsid?: boolean;
  readonly result?: string;
  readonly flags?: string;
  readonly mode?: string;
  readonly file?: string;
  readonly path?: FalcoEvent['path'];
  readonly to?: readonly [ip: string, port: number];
  readonly listens?: string;
  readonly status?: number;
  readonly exits?: boolean;
  readonly process?: Partial<EventProcess>;
  readonly alert?: string;
}

export const PROBE = 'O_RDONLY';
export const CREATE = 'O_CREAT|O_WRONLY|O_TRUNC';

/** The agent's first words to its model, behind which its start-up ends. */
export const started: Step = { at: -1_000, call: 'connect', to: ['198.51.100.20', 443] };

/** A program of a child: `cmdline` as Falco prints it. */
export const exec = (
  at: number,
  pid: number,
  under: number,
  cmdline: string,
  extra: Partial<EventProcess> = {},
): Step => {
  const [name = ''] = cmdline.split(' ');
  return {
    at,
    call: 'execve',
    pid,
    under,
    setsid: true,
    process: { name, exe: name, exepath: `/usr/bin/${name}`, cmdline, ...extra },
  };
};

export const exit = (at: number, pid: number, under: number, status = 0): Step => ({
  at,
  call: 'procexit',
  pid,
  under,
  status,
  exits: true,
});

let number = 0;

const toEvent = (step: Step): FalcoEvent => {
  const { pid = AGENT_PID, under, file, to, listens, path, flags, mode, status, alert } = step;
  const parents = under === undefined || pid === under ? [] : [{ pid: under }];
  const fd = to
    ? { name: `10.1.1.1:5000->${to[0]}:${to[1]}`, serverIp: to[0], serverPort: to[1] }
    : { name: listens ?? file };
  number++;
  return {
    type: 'event',
    time: at(step.at),
    num: String(number),
    call: step.call,
    rule: alert ?? 'Agent telemetry',
    priority: alert ? 'warning' : 'notice',
    source: 'syscall',
    hostname: 'node-1',
    tags: [],
    ...(step.call !== 'procexit' && { result: step.result ?? (to ? 'EINPROGRESS' : 'SUCCESS') }),
    ...(flags && { flags }),
    ...(mode && { mode }),
    ...(alert && { output: `${alert} happened` }),
    ...(path && { path }),
    ...((file || to || listens) && { fd: fd as NonNullable<FalcoEvent['fd']> }),
    ...(status !== undefined && { exit: { status } }),
    process: { pid, cwd: WORKSPACE, uid: 1001, env: {}, ancestors: [...parents, { pid: AGENT_PID }], ...step.process },
  };
};

export const trace = (session: Session, step: Step): TracedEvent => {
  const { under, pid = AGENT_PID, setsid = false, exits = false } = step;
  const branch: Branch | undefined =
    under === undefined ? undefined : { id: under, pid: under, top: pid === under, ownSession: setsid };
  return { type: 'traced', session, event: toEvent(step), processExit: exits, ...(branch && { branch }) };
};

export interface Outcome {
  readonly actions: readonly AgentAction[];
  readonly limits: readonly Limit[];
}

/** Plays a timeline through the stage's core, with a tick every 50 ms of its time, and ends it. */
export const play = (
  steps: readonly Step[],
  {
    session = sessionOf(),
    config = {},
  }: { session?: Session; config?: Partial<ReturnType<typeof actionConfig.parse>> } = {},
): Outcome => {
  const limits: Limit[] = [];
  const core = grouper(catalogue, { ...actionConfig.parse({}), ...config }, (limit) => limits.push(limit));
  const state = core.initial();
  const outputs: Grouped[] = [...core.onEvent(state, { type: 'session-start', session, time: session.start })];
  let clock: bigint | undefined;
  for (const step of steps) {
    const traced = trace(session, step);
    for (clock ??= traced.event.time; clock < traced.event.time; clock += ms(50))
      outputs.push(...core.onTick(state, clock));
    outputs.push(...core.onEvent(state, traced as Traced));
  }
  outputs.push(...core.onEvent(state, { type: 'session-end', session, time: clock ?? START, reason: 'exit' }));
  return { actions: outputs.filter((output) => output.type === 'action'), limits };
};

/** Actions that are not housekeeping, in order of start. */
export const modelActions = (
  steps: readonly Step[],
  options: Parameters<typeof play>[1] = {},
): readonly AgentAction[] =>
  play(steps, options)
    .actions.filter(({ kind }) => kind !== 'housekeeping')
    .toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.index - b.index));

export const told = (actions: readonly AgentAction[]): readonly string[] =>
  actions.map(({ kind, title }) => `${kind}: ${title}`);
