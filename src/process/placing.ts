import { argsOf } from '../model/catalogue.ts';
import type { EventProcess, FalcoEvent } from '../model/event.ts';
import type { Traced } from '../model/traced.ts';
import { begin, serve } from './beginning.ts';
import { inherit } from './inherit.ts';
import { type Member, type Proc, placeOf } from './lineage.ts';
import { correct } from './live.ts';
import { type Recognised, recognise } from './recogniser.ts';
import { childOf, join, type TracerState } from './state.ts';
import { type Suspect, suspectByImage, suspectByOpen } from './suspect.ts';
import { endWaiting } from './waiting.ts';

export const isExecution = ({ call, result }: FalcoEvent): boolean =>
  (call === 'execve' || call === 'execveat') && (result === undefined || result === 'SUCCESS');

/** The place of the process that acted, given to it or changed when the event calls for that. */
export const place = (
  state: TracerState,
  proc: Proc,
  process: EventProcess,
  event: FalcoEvent,
  outputs: Traced[],
): Member | undefined => {
  const executed = isExecution(event);
  // An event of another program than before, and later: the execution between them was lost.
  const changed = process.exepath !== undefined && process.exepath !== proc.exepath && event.time >= proc.lastSeen;
  const lost = changed && proc.exepath !== undefined && !executed;
  if (changed && process.exepath !== undefined) proc.exepath = process.exepath;
  const before = placeOf(proc);
  if (before && !executed && !lost) return before;
  if (!before && !executed && !lost && isInVain(state, proc, process)) {
    const suspect = suspectByOpen(state, proc, event);
    if (suspect) accuse(state, suspect, proc, process, event, outputs);
    return placeOf(proc);
  }
  if (!before) inherit(state, proc, process, event, outputs);
  const known = recognise(state.catalogue, process);
  if (known) settle(state, known, proc, process, event, executed, lost, outputs);
  else if (placeOf(proc)?.role === 'agent') demote(state, proc, process, executed || lost);
  else {
    const suspect =
      suspectByImage(state, proc, process) ?? (placeOf(proc) ? undefined : suspectByOpen(state, proc, event));
    if (suspect) accuse(state, suspect, proc, process, event, outputs);
  }
  if (executed) rehome(state, proc, process, event, outputs);
  if (!placeOf(proc)) proc.vain = { begun: state.begun, parent: process.ancestors[0]?.pid };
  return placeOf(proc);
};

const isInVain = ({ begun }: TracerState, { vain }: Proc, { ancestors }: EventProcess): boolean =>
  vain !== undefined && vain.begun === begun && vain.parent === ancestors[0]?.pid;

/** The process is an agent: the one of its session, another of the same session, or the root of a new one. */
const settle = (
  state: TracerState,
  known: Recognised,
  proc: Proc,
  process: EventProcess,
  event: FalcoEvent,
  executed: boolean,
  lost: boolean,
  outputs: Traced[],
): void => {
  const member = placeOf(proc);
  if (member?.role === 'agent') {
    if (proc === member.session.root && executed) confirm(member, known, event, outputs);
    return;
  }
  const [above] = process.ancestors;
  const parent = above && placeOf(state.table.find(event.hostname, above.pid));
  const sibling = member !== undefined && parent?.role === 'agent' && parent.session.spec === known.spec;
  const daemon = known.spec.daemon !== undefined && isDaemonOf(known, process);
  if (sibling && !daemon) {
    // A fork that has not executed anything yet still looks like its parent.
    if (executed || lost || !looksForked(process)) join(proc, { session: member.session, role: 'agent' });
    return;
  }
  if (!executed && proc.exitedAt !== undefined) return;
  const beginning = executed ? 'execution' : 'unseen';
  begin(state, known, { proc, facts: process, above: process.ancestors, beginning }, event, outputs);
};

const isDaemonOf = ({ spec }: Recognised, process: EventProcess): boolean =>
  spec.daemon?.exepath?.test(process.exepath ?? '') ?? false;

const looksForked = (process: EventProcess): boolean => {
  const [parent] = process.ancestors;
  return parent !== undefined && parent.exepath === process.exepath && argsOf(parent) === argsOf(process);
};

/** A root that executes: what was guessed of its session is put right, and a wait is over when this was its first. */
const confirm = ({ session: live }: Member, known: Recognised, event: FalcoEvent, outputs: Traced[]): void => {
  const { waiting, session } = live;
  if (waiting) {
    const late = event.time > waiting.since;
    correct(live, event, known.recognition, late && session.lateStart);
    if (!late && !live.parent?.waiting) endWaiting(live, outputs);
  } else if (known.recognition.confidence > session.recognition.confidence)
    live.session = { ...session, recognition: known.recognition };
};

/** A helper process of the agent's that executes something else is an ordinary child. */
const demote = (state: TracerState, proc: Proc, process: EventProcess, executed: boolean): void => {
  const member = placeOf(proc);
  const [above] = process.ancestors;
  const parent = above && placeOf(state.table.find(proc.node, above.pid));
  if (!executed || !member || proc === member.session.root || parent?.session !== member.session) return;
  join(proc, childOf(parent, proc.pid));
};

/** Weak evidence has become enough: a session begins, and the process that acted finds its place in it. */
const accuse = (
  state: TracerState,
  suspect: Suspect,
  proc: Proc,
  process: EventProcess,
  event: FalcoEvent,
  outputs: Traced[],
): void => {
  const { ancestors } = process;
  const [parent, ...above] = ancestors;
  const own = suspect.proc === proc;
  const facts = own ? process : (parent ?? {});
  begin(
    state,
    suspect,
    { proc: suspect.proc, facts, above: own ? ancestors : above, beginning: 'late' },
    event,
    outputs,
  );
  const place = placeOf(suspect.proc);
  if (!own && place) join(proc, childOf(place, proc.pid));
};

/** A daemon's command belongs to the session that its environment names, whatever it descends from. */
const rehome = (state: TracerState, proc: Proc, process: EventProcess, event: FalcoEvent, outputs: Traced[]): void => {
  const member = placeOf(proc);
  if (!member?.session.served || member.role === 'agent') return;
  const id = member.session.spec.sessionEnv.map((name) => process.env[name]).find((value) => value !== undefined);
  if (id === undefined) return;
  const live = serve(state, member.session, id, event, outputs);
  join(proc, childOf({ session: live, role: 'agent' }, proc.pid));
};
