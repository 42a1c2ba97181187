import type { AgentSpec } from '../model/catalogue.ts';
import type { Session } from '../model/session.ts';
import type { Nanos } from '../model/time.ts';
import type { Traced } from '../model/traced.ts';
import type { Suspicions } from './suspicion.ts';

/** A process that is remembered. Mutable: it belongs to the tracer's state alone. */
export interface Proc {
  readonly node: string;
  readonly pid: number;
  parent?: number;
  /** Least start time seen: that of the process's first thread. */
  start?: Nanos;
  lastSeen: Nanos;
  /** False while only its descendants have told of it. */
  seen: boolean;
  /** An execution of it was seen, so that `start` is its own and no thread's. */
  executed: boolean;
  /** Seen since the table last looked for room. */
  fresh: boolean;
  exitedAt?: Nanos;
  /** Start of the thread whose exit was taken for the process's. */
  exitStart?: Nanos;
  /** The process that had this pid before, for its late events. */
  previous?: Proc;
  member?: Member;
  /** Executable last seen, to notice an exec that was lost. */
  exepath?: string;
  /** When it was last looked up in vain: nothing is found again until a session has begun or its parent has changed. */
  vain?: { readonly begun: number; readonly parent: number | undefined };
  /** Variables of agents that its environment was seen to hold. */
  markers?: ReadonlySet<string>;
  suspicions?: Suspicions;
  /** Sessions that had this process as their root. */
  sessions: number;
}

/** A process's place in a session. */
export interface Member {
  readonly session: LiveSession;
  readonly role: 'agent' | 'child';
  readonly branch?: LiveBranch;
}

/** A direct child of the agent with its descendants. */
export interface LiveBranch {
  readonly id: number;
  readonly pid: number;
  ownSession: boolean;
}

/** A session that has not ended. Mutable: it belongs to the tracer's state alone. */
export interface LiveSession {
  readonly spec: AgentSpec;
  readonly root: Proc;
  /** Identity in the table of open sessions; the session's own id may still change while it waits. */
  readonly key: number;
  /** The snapshot that is handed on; replaced, never changed, when more becomes known. */
  session: Session;
  branches: number;
  /** Processes of the session that have not exited. */
  alive: number;
  lastEvent: Nanos;
  ended: boolean;
  /** The session that started it: its id is told when both have begun. */
  readonly parent?: LiveSession;
  /** Present until it is certain that its beginning, or its parent's, was missed. */
  waiting?: Waiting;
  /** Sessions that a daemon works for, by the id that its commands carry. */
  served?: Map<string, LiveSession>;
}

/**
 * A session whose beginning was not seen, yet: events come out of order, so the execution of its root may be on its way.
 * Until it is too late for that, what the session does is held back, for its id and its flags hang on that event.
 */
export interface Waiting {
  /** Time of the event by which the session was noticed. */
  readonly since: Nanos;
  readonly until: Nanos;
  readonly held: Traced[];
}

/** The process's place, unless its session is over. */
export const placeOf = (proc: Proc | undefined): Member | undefined =>
  proc?.member && !proc.member.session.ended ? proc.member : undefined;
