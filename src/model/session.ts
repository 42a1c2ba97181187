import type { Nanos } from './time.ts';

/** The CI job that a session ran in, and so the baseline it is held against. */
export interface Scope {
  readonly repository?: string;
  readonly workflow?: string;
  readonly job?: string;
}

/** The life of one agent root process with all its descendants. A snapshot: what was known when it was handed on. */
export interface Session {
  /** `<agent>-<12 hex>`, from node, pid and start time: the same in every replay, safe as a file name. */
  readonly id: string;
  readonly agent: string;
  readonly node: string;
  readonly pid: number;
  readonly start: Nanos;
  readonly scope: Scope;
  readonly scopeSource: 'environment' | 'config' | 'none';
  readonly runId?: string;
  readonly pod?: string;
  readonly namespace?: string;
  readonly user?: string;
  readonly workspace?: string;
  readonly home?: string;
  /** Flags of the command line that switch the agent's own safety off. */
  readonly unsafeFlags: readonly string[];
  /** The session that started this one, where an agent started an agent. */
  readonly parent?: string;
  /** True when the first event came from the middle of the session's life. */
  readonly lateStart: boolean;
}
