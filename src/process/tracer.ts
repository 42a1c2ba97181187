import type { AgentSpec } from '../model/catalogue.ts';
import type { EventProcess, FalcoEvent } from '../model/event.ts';
import type { Gap } from '../model/flow.ts';
import type { Traced } from '../model/traced.ts';
import type { Machine } from '../stream/machine.ts';
import type { ProcessConfig } from './config.ts';
import { endAll, endQuiet, tellGap } from './ending.ts';
import { noteExit } from './exit.ts';
import type { LiveSession, Member, Proc } from './lineage.ts';
import { enrich } from './live.ts';
import { Accounts } from './metrics.ts';
import { isExecution, place } from './placing.ts';
import { createState, type TracerState } from './state.ts';
import { emit } from './waiting.ts';

/** Works out which session each event belongs to, and when sessions begin and end. Events of no session end here. */
export const tracer = (
  catalogue: readonly AgentSpec[],
  config: ProcessConfig,
  accounts = new Accounts(),
): Machine<TracerState, FalcoEvent | Gap, Traced> => ({
  initial: () => createState(catalogue, config, accounts),

  onEvent: (state, input) => {
    const outputs: Traced[] = [];
    if (input.type === 'gap') tellGap(state, input, outputs);
    else if (input.process) trace(state, input, input.process, outputs);
    else state.accounts.unattributed++;
    return outputs;
  },

  onTick: (state, watermark) => {
    const outputs: Traced[] = [];
    state.table.purge(watermark);
    endQuiet(state, watermark, outputs);
    return outputs;
  },

  onEnd: (state) => {
    const outputs: Traced[] = [];
    endAll(state, outputs);
    return outputs;
  },
});

const trace = (state: TracerState, event: FalcoEvent, process: EventProcess, outputs: Traced[]): void => {
  const proc = state.table.see(event.hostname, process, event.time, isExecution(event));
  const member = place(state, proc, process, event, outputs);
  if (member) follow(state, proc, member, process, event, outputs);
  else state.accounts.unattributed++;
};

/** Passes the event on with its place in the session, and notes what it tells about the session. */
const follow = (
  state: TracerState,
  proc: Proc,
  member: Member,
  process: EventProcess,
  event: FalcoEvent,
  outputs: Traced[],
): void => {
  const processExit = noteExit(state.table, proc, member, process, event);
  const live = member.role === 'agent' ? (onlyServed(member.session) ?? member.session) : member.session;
  if (event.time > live.lastEvent) live.lastEvent = event.time;
  enrich(live, event, member.role === 'agent', state.config);
  const { branch } = member;
  const top = branch !== undefined && branch.pid === proc.pid;
  // Session ids are numbers of the process's pid namespace, as `vpid` is.
  if (branch && top) branch.ownSession = process.sid !== undefined && process.sid === (process.vpid ?? process.pid);
  emit(
    live,
    {
      type: 'traced',
      session: live.session,
      event,
      processExit,
      ...(branch && { branch: { id: branch.id, pid: branch.pid, top, ownSession: branch.ownSession } }),
    },
    outputs,
  );
};

/** What a daemon does itself is for the session it works for, when that is certain: when it works for one only. */
const onlyServed = ({ served }: LiveSession): LiveSession | undefined => {
  if (!served) return undefined;
  let only: LiveSession | undefined;
  for (const [id, live] of served) {
    if (live.ended) served.delete(id);
    else if (only) return undefined;
    else only = live;
  }
  return only;
};
