import type { ActionKind } from './action.ts';

/** What a pattern is held against: a process as an event shows it. */
export interface ProcessFacts {
  readonly exepath?: string | undefined;
  /** argv[0]. */
  readonly exe?: string | undefined;
  readonly cmdline?: string | undefined;
  /** True when the agent's marker is in the process's environment. */
  readonly marked?: boolean | undefined;
  /** True when the process leads a session of its own (setsid). */
  readonly ownSession?: boolean | undefined;
}

/** All conditions that are given must hold. */
export interface ProcessPattern {
  readonly exepath?: RegExp;
  readonly exe?: RegExp;
  readonly cmdline?: RegExp;
  readonly marked?: boolean;
  readonly ownSession?: boolean;
}

/** A direct child of the agent that carries out a tool call. */
export interface CallPattern {
  readonly kind: ActionKind;
  readonly match: ProcessPattern;
  /** Finds the real command in the wrapper's command line, in its group `command`. */
  readonly command?: RegExp;
  /** How the wrapper quoted the command. */
  readonly quoting?: 'single';
  /** What to call it, with `$command` in place of the command found. */
  readonly title?: string;
}

/** One agent of the catalogue `rules/agents/*.yaml`: everything that is particular to it. */
export interface AgentSpec {
  readonly id: string;
  readonly name: string;
  /** False for entries that were written from documentation and never held against a recording. */
  readonly verified: boolean;
  readonly processes: readonly ProcessPattern[];
  /** The agent's own executable doing something else: a bundled grep, a set-up step. */
  readonly except: readonly ProcessPattern[];
  /** Variable that the agent sets in the environment of the model's commands. */
  readonly marker?: string;
  readonly unsafeFlags: readonly string[];
  /** Paths where the agent keeps its own state: what it does there is not the model's doing. */
  readonly ownState: readonly RegExp[];
  /** Paths that the agent reads for itself: its settings, ignore files, instructions. */
  readonly ownReads: readonly RegExp[];
  readonly calls: readonly CallPattern[];
  /** Direct children that serve the agent itself. */
  readonly housekeeping: readonly ProcessPattern[];
}

export const matches = (pattern: ProcessPattern, facts: ProcessFacts): boolean =>
  (pattern.exepath === undefined || pattern.exepath.test(facts.exepath ?? '')) &&
  (pattern.exe === undefined || pattern.exe.test(facts.exe ?? '')) &&
  (pattern.cmdline === undefined || pattern.cmdline.test(facts.cmdline ?? '')) &&
  (pattern.marked === undefined || pattern.marked === (facts.marked ?? false)) &&
  (pattern.ownSession === undefined || pattern.ownSession === (facts.ownSession ?? false));

export const matchesAny = (patterns: readonly ProcessPattern[], facts: ProcessFacts): boolean =>
  patterns.some((pattern) => matches(pattern, facts));

/** The agent whose process this is, if any. */
export const recognise = (catalogue: readonly AgentSpec[], facts: ProcessFacts): AgentSpec | undefined =>
  catalogue.find((spec) => matchesAny(spec.processes, facts) && !matchesAny(spec.except, facts));
