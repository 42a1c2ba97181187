import { type AgentSpec, recognise } from '../model/catalogue.ts';
import type { EventProcess, FalcoEvent } from '../model/event.ts';
import type { Gap } from '../model/flow.ts';
import type { Nanos } from '../model/time.ts';
import { ms } from '../model/time.ts';
import type { SessionEnd, Traced } from '../model/traced.ts';
import type { Machine } from '../stream/machine.ts';
import type { ProcessConfig } from './config.ts';
import type { LiveBranch, LiveSession, Member, Proc } from './lineage.ts';
import { enrich, openSession } from './live.ts';
import { ProcessTable } from './table.ts';

export interface TracerState {
  readonly table: ProcessTable;
  readonly sessions: Map<string, LiveSession>;
}

/** Works out which session each event belongs to, and when sessions begin and end. Events of no session end here. */
export const tracer = (
  catalogue: readonly AgentSpec[],
  config: ProcessConfig,
): Machine<TracerState, FalcoEvent | Gap, Traced> => ({
  initial: () => ({
    table: new ProcessTable(config.maxProcesses, leave),
    sessions: new Map(),
  }),

  onEvent: (state, input) => {
    if (input.type === 'gap') return onGap(state, input);
    const { process } = input;
    if (!process) return [];
    const outputs: Traced[] = [];
    const proc = state.table.see(input.hostname, process, input.time);
    const before = proc.member?.session;
    settle(state, catalogue, config, proc, process, input, outputs);
    const member = proc.member;
    if (!member) return outputs;
    if (member.session !== before && state.sessions.size > config.maxSessions) outputs.push(...endSilent(state));
    return [...outputs, follow(state, proc, member, process, input)];
  },

  onTick: (state, watermark) => {
    state.table.purge(watermark);
    const ended: Traced[] = [];
    for (const live of state.sessions.values()) {
      const end = endOf(live, watermark, config);
      if (end) {
        state.sessions.delete(live.session.id);
        ended.push(end);
      }
    }
    return ended;
  },

  onEnd: (state) =>
    [...state.sessions.values()].map((live) => ({
      type: 'session-end',
      session: live.session,
      time: live.root.exitedAt === undefined ? live.lastEvent : max(live.root.exitedAt, live.lastEvent),
      reason: live.root.exitedAt === undefined ? 'stream-end' : 'exit',
    })),
});

/** The event with its place in the session, and what it changes about the session. */
const follow = (state: TracerState, proc: Proc, member: Member, process: EventProcess, event: FalcoEvent): Traced => {
  const live = member.session;
  live.lastEvent = max(live.lastEvent, event.time);
  enrich(live, event);
  const processExit = noteExit(state.table, proc, member, process, event);
  const branch = member.branch;
  const top = branch !== undefined && branch.pid === proc.pid;
  if (branch && top) branch.ownSession = process.sid !== undefined && process.sid === (process.vpid ?? process.pid);
  return {
    type: 'traced',
    session: live.session,
    event,
    processExit,
    ...(branch && { branch: { id: branch.id, pid: branch.pid, top, ownSession: branch.ownSession } }),
  };
};

/**
 * Threads exit with the same event as processes do. Only the first thread's start time is the process's own; and an
 * event that follows shows that it was a thread after all.
 */
const noteExit = (
  table: ProcessTable,
  proc: Proc,
  member: Member,
  process: EventProcess,
  event: FalcoEvent,
): boolean => {
  if (event.call === 'procexit') {
    const whole = process.startTime === undefined || process.startTime === proc.start;
    if (!whole || proc.exitedAt !== undefined) return false;
    table.markExited(proc, event.time);
    member.session.alive--;
    return true;
  }
  if (proc.exitedAt !== undefined && event.time > proc.exitedAt) {
    delete proc.exitedAt;
    member.session.alive++;
  }
  return false;
};

/** Gives the process its place: from its nearest known ancestor, and by the catalogue. */
const settle = (
  state: TracerState,
  catalogue: readonly AgentSpec[],
  config: ProcessConfig,
  proc: Proc,
  process: EventProcess,
  event: FalcoEvent,
  outputs: Traced[],
): void => {
  const executed = event.call === 'execve' || event.call === 'execveat';
  const known = proc.member !== undefined;
  if (known && !executed) return;
  if (!known) inherit(state, catalogue, config, proc, process, event, outputs);
  if (executed && event.result !== undefined && event.result !== 'SUCCESS') return;
  const spec = recognise(catalogue, process);
  if (!spec) return;
  const member = proc.member;
  if (member?.role === 'agent') return;
  const parent = process.ancestors[0] && state.table.find(event.hostname, process.ancestors[0].pid);
  if (member && member.session.spec === spec && parent?.member?.role === 'agent') {
    proc.member = { session: member.session, role: 'agent' };
    return;
  }
  // A session that began before us shows its root in the middle of its life.
  begin(state, config, spec, proc, event, process.cmdline, !executed, outputs, member?.session);
};

const begin = (
  state: TracerState,
  config: ProcessConfig,
  spec: AgentSpec,
  root: Proc,
  event: FalcoEvent,
  cmdline: string | undefined,
  late: boolean,
  outputs: Traced[],
  parent?: LiveSession,
): void => {
  if (root.member) root.member.session.alive--;
  const live = openSession(spec, root, event, cmdline, late, config, parent);
  join(root, { session: live, role: 'agent' });
  state.sessions.set(live.session.id, live);
  outputs.push({ type: 'session-start', session: live.session, time: live.session.start });
};

/** Walks up the ancestors that the event names until one is known; those in between become known as well. */
const inherit = (
  state: TracerState,
  catalogue: readonly AgentSpec[],
  config: ProcessConfig,
  proc: Proc,
  process: EventProcess,
  event: FalcoEvent,
  outputs: Traced[],
): void => {
  const { ancestors } = process;
  let found = ancestors.findIndex(({ pid }) => state.table.find(event.hostname, pid)?.member !== undefined);
  if (found < 0) {
    // Nobody known: an ancestor that looks like an agent is one whose start we missed. The farthest is the root.
    found = ancestors.findLastIndex((ancestor) => recognise(catalogue, ancestor) !== undefined);
    const ancestor = ancestors[found];
    const spec = ancestor && recognise(catalogue, ancestor);
    if (!ancestor || !spec) return;
    const root = state.table.imply(event.hostname, ancestor.pid, ancestors[found + 1]?.pid, event.time);
    begin(state, config, spec, root, event, ancestor.cmdline, true, outputs);
  }
  for (let index = found - 1; index >= 0; index--) {
    const { pid } = ancestors[index] as { pid: number };
    const between = state.table.imply(event.hostname, pid, ancestors[index + 1]?.pid, event.time);
    const above = state.table.find(event.hostname, (ancestors[index + 1] as { pid: number }).pid);
    if (above?.member && !between.member) {
      const spec = recognise(catalogue, ancestors[index] ?? {});
      const agent = above.member.role === 'agent' && spec === above.member.session.spec;
      join(between, agent ? { session: above.member.session, role: 'agent' } : childOf(above.member, pid));
    }
  }
  const parent = ancestors[0] && state.table.find(event.hostname, ancestors[0].pid);
  if (parent?.member) join(proc, childOf(parent.member, proc.pid));
};

const childOf = (parent: Member, pid: number): Member => {
  if (parent.branch) return { session: parent.session, role: 'child', branch: parent.branch };
  const branch: LiveBranch = { id: parent.session.branches++, pid, ownSession: false };
  return { session: parent.session, role: 'child', branch };
};

const join = (proc: Proc, member: Member): void => {
  proc.member = member;
  member.session.alive++;
};

const leave = (proc: Proc): void => {
  if (proc.member && proc.exitedAt === undefined) proc.member.session.alive--;
};

const onGap = (state: TracerState, gap: Gap): readonly Traced[] =>
  [...state.sessions.values()]
    .filter((live) => gap.to >= live.session.start)
    .map((live) => ({ type: 'session-gap', session: live.session, gap }));

/** How long after the root's exit its threads' and children's last events may still come in. */
const LINGER: Nanos = 1_000_000_000n;

const endOf = (live: LiveSession, watermark: Nanos, config: ProcessConfig): SessionEnd | undefined => {
  const { session, lastEvent, root } = live;
  const end = (reason: SessionEnd['reason'], time: Nanos): SessionEnd => ({
    type: 'session-end',
    session,
    time,
    reason,
  });
  if (root.exitedAt !== undefined) {
    const quiet = live.alive > 0 ? ms(config.orphanMs) : LINGER;
    return watermark - lastEvent >= quiet ? end('exit', max(root.exitedAt, lastEvent)) : undefined;
  }
  return watermark - lastEvent >= ms(config.silenceMs) ? end('silence', lastEvent) : undefined;
};

/** Over the limit of open sessions: the longest silent one is closed. */
const endSilent = (state: TracerState): readonly SessionEnd[] => {
  let victim: LiveSession | undefined;
  for (const live of state.sessions.values()) if (!victim || live.lastEvent < victim.lastEvent) victim = live;
  if (!victim) return [];
  state.sessions.delete(victim.session.id);
  return [{ type: 'session-end', session: victim.session, time: victim.lastEvent, reason: 'silence' }];
};

const max = (a: Nanos, b: Nanos): Nanos => (a > b ? a : b);
