import { matches, type ProcessFacts } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import type { Traced } from '../model/traced.ts';
import { endSilent } from './ending.ts';
import { type LiveSession, type Proc, placeOf } from './lineage.ts';
import { enrich, openSession } from './live.ts';
import type { Recognised } from './recogniser.ts';
import { starterOf } from './starter.ts';
import { join, type TracerState } from './state.ts';
import { beginWaiting } from './waiting.ts';

/** The process that becomes the root of a session. */
export interface Root {
  readonly proc: Proc;
  /** As the event shows it: the acting process itself, or one of its ancestors. */
  readonly facts: ProcessFacts;
  /** The processes above it, its parent first. */
  readonly above: readonly (ProcessFacts & { readonly pid: number })[];
  /** `execution`: seen from its start; `unseen`: the execution may still come; `late`: it is known to be over. */
  readonly beginning: 'execution' | 'unseen' | 'late';
}

/** Begins a session and makes room for it. */
export const begin = (
  state: TracerState,
  { spec, recognition }: Recognised,
  { proc, facts, above, beginning }: Root,
  event: FalcoEvent,
  outputs: Traced[],
): LiveSession => {
  const parent = placeOf(proc)?.session;
  const own = event.process?.pid === proc.pid;
  const nested = parent !== undefined || above.some(({ pid }) => placeOf(state.table.find(proc.node, pid)));
  const live = openSession(
    {
      spec,
      root: proc,
      key: state.begun++,
      recognition,
      cmdline: facts.cmdline,
      late: beginning !== 'execution',
      startedBy: starterOf(own ? event.process : undefined, above, nested),
      parent,
    },
    event,
    state.config,
  );
  if (spec.daemon && matches(spec.daemon, facts)) live.served = new Map();
  if (beginning === 'unseen' || parent?.waiting)
    live.waiting = beginWaiting(event.time, state.config.allowedLatenessMs, parent?.waiting);
  join(proc, { session: live, role: 'agent' });
  start(state, live, event, own, outputs);
  return live;
};

/** The session, of those for which a daemon works, that a command's environment names; it begins with its first command. */
export const serve = (
  state: TracerState,
  daemon: LiveSession,
  id: string,
  event: FalcoEvent,
  outputs: Traced[],
): LiveSession => {
  const known = daemon.served?.get(id);
  if (known && !known.ended) return known;
  const { spec, root, session } = daemon;
  const live = openSession(
    {
      spec,
      root,
      key: state.begun++,
      recognition: session.recognition,
      cmdline: undefined,
      late: false,
      startedBy: 'user',
      served: id,
    },
    event,
    state.config,
  );
  daemon.served?.set(id, live);
  start(state, live, event, false, outputs);
  return live;
};

const start = (state: TracerState, live: LiveSession, event: FalcoEvent, own: boolean, outputs: Traced[]): void => {
  enrich(live, event, own, state.config);
  if (!live.waiting) outputs.push({ type: 'session-start', session: live.session, time: live.session.start });
  if (state.sessions.size >= state.config.maxSessions) endSilent(state, outputs);
  state.sessions.set(live.key, live);
};
