import type { Priority } from './event.ts';
import type { Session } from './session.ts';
import type { Nanos } from './time.ts';

export const ACTION_KINDS = [
  'shell',
  'file-read',
  'file-edit',
  'search',
  'network',
  'tool',
  'subagent',
  'install',
  'vcs',
  'housekeeping',
  'background',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

export type Network = 'loopback' | 'link-local' | 'private' | 'public';

export interface Connection {
  readonly address: string;
  readonly port: number;
  readonly network: Network;
  /** True for the endpoints that the agent process itself has spoken to from its start: the API of its model and the like. */
  readonly modelApi: boolean;
}

/** A file that an action touched, under the class that its path belongs to (`workspace`, `secret:aws`, …). */
export interface Touch {
  readonly path: string;
  readonly class: string;
  /** True when only the base name is certain and the directory was inferred. */
  readonly guessed?: true;
}

/** What an action did, summed over its events. Lists hold distinct values in order of first appearance, up to a limit. */
export interface Effects {
  /** Base names of the programs that were executed. */
  readonly programs: readonly string[];
  readonly reads: readonly Touch[];
  readonly writes: readonly Touch[];
  readonly deletes: readonly Touch[];
  readonly madeExecutable: readonly Touch[];
  /** Programs and scripts that no package of the system brought, and such as hide where they come from. */
  readonly executed: readonly Touch[];
  readonly connections: readonly Connection[];
  readonly listens: readonly string[];
  /** A shell whose standard input is a socket. */
  readonly shellOnSocket: boolean;
  /** System calls that gain privilege, or reach into other processes, the kernel or other namespaces. */
  readonly privilegeCalls: readonly string[];
  /** Exit status of the top process, where it was seen. */
  readonly exitStatus?: number;
}

/** An alert of a Falco rule that is not telemetry, kept as evidence. */
export interface Evidence {
  readonly rule: string;
  readonly priority: Priority;
  readonly tags: readonly string[];
  readonly output: string;
  readonly time: Nanos;
}

/** One thing the agent did. */
export interface AgentAction {
  readonly type: 'action';
  readonly session: Session;
  /** Place in the session, from 0, in order of closing, or of the first preview. */
  readonly index: number;
  readonly kind: ActionKind;
  /** What a person would say was done. */
  readonly title: string;
  /** The stable, comparable name of the action. */
  readonly symbol: string;
  readonly start: Nanos;
  readonly end: Nanos;
  /** `evt.num` of its events, up to a limit; `eventCount` counts all. */
  readonly events: readonly string[];
  readonly eventCount: number;
  readonly effects: Effects;
  /** Index of the action that started what goes on here: of a background child, or of a tool server. */
  readonly startedBy?: number;
  readonly evidence: readonly Evidence[];
  /**
   * True while the action goes on: what it has done so far is shown early, for a reverse shell must not be told of when it
   * ends. It comes again under the same index, and once more without this when it is over.
   */
  readonly preview?: true;
}
