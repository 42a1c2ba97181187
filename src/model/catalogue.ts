import type { ActionKind } from './action.ts';

/** What a pattern is held against: a process as an event shows it. */
export interface ProcessFacts {
  /** `proc.name`: with it the arguments can be told from the name in front of them. */
  readonly name?: string | undefined;
  readonly exepath?: string | undefined;
  /** argv[0]. */
  readonly exe?: string | undefined;
  /** As Falco prints it: the name of the acting THREAD, then the arguments. */
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
  /** The command line without the name in front of it, which in threads is the thread's. */
  readonly args?: RegExp;
  readonly marked?: boolean;
  readonly ownSession?: boolean;
}

/** What a process looks like that is this agent, and how surely: 1 is certain. */
export interface AgentPattern extends ProcessPattern {
  readonly confidence: number;
  /** How the agent was installed or started when it looks like this. */
  readonly note?: string;
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
  readonly processes: readonly AgentPattern[];
  /** The agent's own executable doing something else: a bundled grep, a set-up step. */
  readonly except: readonly ProcessPattern[];
  /** Variable that the agent sets in the environment of the model's commands. */
  readonly marker?: string;
  /** Variables that show the same, any of them; `marker` is one. */
  readonly markers: readonly string[];
  /** Arguments that are this agent's own: weak evidence for a program that goes by another name. */
  readonly looks: readonly RegExp[];
  /** Paths below the agent's own directories: whoever opens them may be the agent, which is weak evidence too. */
  readonly config: readonly RegExp[];
  /** The agent's process that outlives its terminals and works for each of them. */
  readonly daemon?: ProcessPattern;
  /** Variables that name the session for which the daemon runs a command, in the order in which they are believed. */
  readonly sessionEnv: readonly string[];
  /** `--flag` or `--flag value`, the latter also written `--flag=value`. */
  readonly unsafeFlags: readonly string[];
  /** Paths where the agent keeps its own state: what it does there is not the model's doing. */
  readonly ownState: readonly RegExp[];
  /** Paths that the agent reads for itself: its settings, ignore files, instructions. */
  readonly ownReads: readonly RegExp[];
  readonly calls: readonly CallPattern[];
  /** Files by which the agent keeps a sub-agent's record, the sub-agent's name in group `id`. */
  readonly subagents?: readonly RegExp[];
  /** Direct children that serve the agent itself. */
  readonly housekeeping: readonly ProcessPattern[];
}

/** The arguments of a command line. Without a name the first word is taken for it. */
export const argsOf = ({ name, cmdline = '' }: ProcessFacts): string => {
  if (name !== undefined && cmdline.startsWith(name) && (cmdline[name.length] ?? ' ') === ' ')
    return cmdline.slice(name.length + 1);
  const space = cmdline.indexOf(' ');
  return space < 0 ? '' : cmdline.slice(space + 1);
};

export const matches = (pattern: ProcessPattern, facts: ProcessFacts): boolean =>
  (pattern.exepath === undefined || pattern.exepath.test(facts.exepath ?? '')) &&
  (pattern.exe === undefined || pattern.exe.test(facts.exe ?? '')) &&
  (pattern.cmdline === undefined || pattern.cmdline.test(facts.cmdline ?? '')) &&
  (pattern.args === undefined || pattern.args.test(argsOf(facts))) &&
  (pattern.marked === undefined || pattern.marked === (facts.marked ?? false)) &&
  (pattern.ownSession === undefined || pattern.ownSession === (facts.ownSession ?? false));

export const matchesAny = (patterns: readonly ProcessPattern[], facts: ProcessFacts): boolean =>
  patterns.some((pattern) => matches(pattern, facts));
