import type { Nanos } from './time.ts';

/** Falco's priorities, most severe first; the index is the number on the wire. */
export const PRIORITIES = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'informational',
  'debug',
] as const;
export type Priority = (typeof PRIORITIES)[number];

/** An ancestor as the event itself names it; index 0 of `EventProcess.ancestors` is the parent. */
export interface Ancestor {
  readonly pid: number;
  readonly name?: string;
  readonly exepath?: string;
  readonly cmdline?: string;
}

/** The process (in truth the thread) that an event belongs to. Absent fields were not printed by the rule, null or `<NA>`. */
export interface EventProcess {
  readonly pid: number;
  /** `proc.pid.ts`: start of the THREAD that acted, so one pid shows several values; the least is the process's own. */
  readonly startTime?: Nanos;
  readonly vpid?: number;
  readonly sid?: number;
  readonly vpgid?: number;
  readonly tty?: number;
  /** `proc.name`: the thread's name, not to be trusted for identity. */
  readonly name?: string;
  readonly exe?: string;
  readonly exepath?: string;
  readonly cmdline?: string;
  readonly cwd?: string;
  readonly ancestors: readonly Ancestor[];
  /** `proc.env[NAME]` for every NAME the rule printed and the process had. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly stdout?: string;
  readonly fromMemfd?: boolean;
  readonly upperLayer?: boolean;
  readonly user?: string;
  readonly uid?: number;
}

/** The file descriptor that an event is about: a path, or the two ends of a connection. */
export interface EventFd {
  readonly name?: string;
  readonly kind?: string;
  readonly serverIp?: string;
  readonly serverPort?: number;
  readonly protocol?: string;
}

/** The paths of a call that names them: unlink (path), rename and link (source, target). */
export interface EventPath {
  readonly name?: string;
  readonly source?: string;
  readonly target?: string;
}

/** How a process ended. */
export interface EventExit {
  readonly status?: number;
  readonly signal?: string;
}

/** Where it happened, as Falco's container plugin tells; the first events of a new container can lack it. */
export interface EventOrigin {
  readonly containerId?: string;
  readonly image?: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly podUid?: string;
}

/** One Falco event, the same whichever intake brought it. */
export interface FalcoEvent {
  readonly type: 'event';
  readonly time: Nanos;
  /** `evt.num`, as text; absent where the rule does not print it. */
  readonly num?: string;
  /** `evt.type`: `execve`, `openat`, `procexit` …; absent on alerts of rules that do not print it. */
  readonly call?: string;
  /** `evt.res`: `SUCCESS` or an errno name; absent for calls without a result. */
  readonly result?: string;
  readonly flags?: string;
  readonly mode?: string;
  readonly rule: string;
  readonly priority: Priority;
  readonly source: string;
  readonly hostname: string;
  readonly tags: readonly string[];
  /** The human line; kept for alerts of other rules only, telemetry has no use for it. */
  readonly output?: string;
  readonly process?: EventProcess;
  readonly fd?: EventFd;
  readonly path?: EventPath;
  readonly exit?: EventExit;
  readonly origin?: EventOrigin;
}
