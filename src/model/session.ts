import type { Nanos } from './time.ts';

/** The CI job that a session ran in, and so the baseline it is held against. */
export interface Scope {
  readonly repository?: string;
  readonly workflow?: string;
  readonly job?: string;
}

/** Where a session's scope comes from, the most trusted first. */
export const SCOPE_SOURCES = ['environment', 'descendant', 'config', 'pod', 'none'] as const;
/**
 * `environment`: the agent process's own; `descendant`: that of a process below it, which the model could have set;
 * `pod`: made of the pod's name, for want of anything better.
 */
export type ScopeSource = (typeof SCOPE_SOURCES)[number];

/** Why a process is held to be an agent. */
export interface Recognition {
  /** From 0 to 1. Below 0.9 the executable itself was not known. */
  readonly confidence: number;
  /** One phrase for each piece of evidence, made of the catalogue's words, never of the event's. */
  readonly evidence: readonly string[];
}

/** Who started an agent; `lifecycle-script` is a package manager's install step, whoever ran that. */
export const STARTERS = ['user', 'agent', 'lifecycle-script'] as const;
export type Starter = (typeof STARTERS)[number];

/** What set a CI job off, as its environment tells: `pull_request` on `refs/pull/7/merge`. */
export interface Trigger {
  readonly event?: string;
  readonly ref?: string;
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
  readonly scopeSource: ScopeSource;
  readonly runId?: string;
  /** Where the CI server is, as the job's environment has it: to be believed only of a server that is known. */
  readonly ciServer?: string;
  readonly trigger?: Trigger;
  readonly pod?: string;
  readonly namespace?: string;
  readonly user?: string;
  /** Working directory of the agent when it was first seen, which may lie below the repository's root. */
  readonly workspace?: string;
  readonly home?: string;
  /** Flags of the command line that switch the agent's own safety off. */
  readonly unsafeFlags: readonly string[];
  /** The session that started this one, where an agent started an agent. */
  readonly parent?: string;
  readonly startedBy: Starter;
  readonly recognition: Recognition;
  /** True when the first event came from the middle of the session's life. */
  readonly lateStart: boolean;
}
