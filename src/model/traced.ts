import type { FalcoEvent } from './event.ts';
import type { Gap } from './flow.ts';
import type { Session } from './session.ts';
import type { Nanos } from './time.ts';

export interface SessionStart {
  readonly type: 'session-start';
  readonly session: Session;
  readonly time: Nanos;
}

export interface SessionEnd {
  readonly type: 'session-end';
  readonly session: Session;
  readonly time: Nanos;
  readonly reason: 'exit' | 'silence' | 'stream-end';
}

/** A gap that fell into a session's life. */
export interface SessionGap {
  readonly type: 'session-gap';
  readonly session: Session;
  readonly gap: Gap;
}

/** An event with the session it belongs to and its place in the session's tree. */
export interface TracedEvent {
  readonly type: 'traced';
  readonly session: Session;
  readonly event: FalcoEvent;
  /**
   * The direct child of the agent under which this happened; absent when the agent process itself acted.
   * `id` is unique in the session, whatever pids are reused.
   */
  readonly branch?: Branch;
  /** True for the exit of a whole process; exits of single threads carry false. */
  readonly processExit: boolean;
}

export interface Branch {
  readonly id: number;
  readonly pid: number;
  /** True while the acting process is the branch's top process. */
  readonly top: boolean;
  /** True when the top process leads a session of its own (setsid), as tool shells do. */
  readonly ownSession: boolean;
}

export type Traced = TracedEvent | SessionStart | SessionEnd | SessionGap;
