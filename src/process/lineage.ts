import type { AgentSpec } from '../model/catalogue.ts';
import type { Session } from '../model/session.ts';
import type { Nanos } from '../model/time.ts';

/** A process that is remembered. Mutable: it belongs to the tracer's state alone. */
export interface Proc {
  readonly key: string;
  readonly pid: number;
  parent?: number;
  /** Least start time seen: that of the process's first thread. */
  start?: Nanos;
  lastSeen: Nanos;
  exitedAt?: Nanos;
  member?: Member;
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
  /** The snapshot that is handed on; replaced, never changed, when more becomes known. */
  session: Session;
  branches: number;
  /** Processes of the session that have not exited. */
  alive: number;
  lastEvent: Nanos;
}
