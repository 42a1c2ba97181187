import type { Ancestor, EventOrigin, FalcoEvent } from '../../src/model/event.ts';
import type { Gap } from '../../src/model/flow.ts';
import type { Nanos } from '../../src/model/time.ts';

/** Midnight of no particular day: what `at` counts from. */
export const EPOCH: Nanos = 1_795_000_000_000_000_000n;

/** A moment, in milliseconds from the beginning of the timeline. */
export const at = (milliseconds: number): Nanos => EPOCH + BigInt(Math.round(milliseconds * 1_000)) * 1_000n;

/** A process as it appears in events; what is absent is absent there, or has a plain default. */
export interface Someone {
  readonly pid: number;
  readonly node?: string;
  /** The processes above it, its parent first. */
  readonly above?: readonly Someone[];
  /** Falco's: the name of the acting thread, then the arguments. */
  readonly cmdline?: string;
  readonly name?: string;
  readonly exe?: string;
  readonly exepath?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** When its first thread started, in milliseconds. */
  readonly start?: number;
  readonly vpid?: number;
  readonly sid?: number;
  readonly user?: string;
  readonly origin?: EventOrigin;
}

type Extra = Partial<Omit<FalcoEvent, 'process' | 'time'>> & {
  /** Start of the thread that acted, where it is not the first. */
  readonly thread?: number;
};

let nums = 0;

/** One event of `who`, `time` milliseconds into the timeline. */
export const event = (time: number, who: Someone, { thread, ...extra }: Extra = {}): FalcoEvent => {
  const { pid, node = 'node-1', above = [], cmdline, exe, exepath, cwd = '/work/repo', env = {}, vpid, sid } = who;
  const started = thread ?? who.start;
  const name = who.name ?? cmdline?.split(' ')[0];
  return {
    type: 'event',
    time: at(time),
    num: String(++nums),
    call: 'openat',
    result: 'SUCCESS',
    rule: 'Agent open_read',
    priority: 'debug',
    source: 'syscall',
    hostname: node,
    tags: ['creance'],
    process: {
      pid,
      ancestors: above.map(ancestor),
      env,
      cwd,
      user: who.user ?? 'runner',
      ...(started !== undefined && { startTime: at(started) }),
      ...(name !== undefined && { name }),
      ...(cmdline !== undefined && { cmdline }),
      ...(exe !== undefined && { exe }),
      ...(exepath !== undefined && { exepath }),
      ...(vpid !== undefined && { vpid }),
      ...(sid !== undefined && { sid }),
    },
    ...(who.origin && { origin: who.origin }),
    ...extra,
  };
};

const ancestor = ({ pid, name, cmdline, exepath }: Someone): Ancestor => {
  const shown = name ?? cmdline?.split(' ')[0];
  return {
    pid,
    ...(shown !== undefined && { name: shown }),
    ...(cmdline !== undefined && { cmdline }),
    ...(exepath !== undefined && { exepath }),
  };
};

/** A successful execution; the process is as it is after it. */
export const exec = (time: number, who: Someone, extra: Extra = {}): FalcoEvent =>
  event(time, who, { call: 'execve', rule: 'Agent exec', ...extra });

/** A file opened, for reading unless the flags say otherwise. */
export const open = (time: number, who: Someone, path: string, extra: Extra = {}): FalcoEvent =>
  event(time, who, { flags: 'O_RDONLY', fd: { name: path, kind: 'f' }, ...extra });

/** The exit of the process; with `thread`, of one of its threads. */
export const exit = (time: number, who: Someone, extra: Extra = {}): FalcoEvent => {
  const { result: _, ...rest } = event(time, who, {
    call: 'procexit',
    rule: 'Agent exit',
    exit: { status: 0 },
    ...extra,
  });
  return rest;
};

/** A connection to a public address. */
export const connect = (time: number, who: Someone, ip = '198.51.100.20', port = 443, extra: Extra = {}): FalcoEvent =>
  event(time, who, {
    call: 'connect',
    rule: 'Agent connect',
    fd: { name: `10.0.0.2:40000->${ip}:${port}`, kind: '4', serverIp: ip, serverPort: port, protocol: 'tcp' },
    ...extra,
  });

/** A stretch for which events were lost. */
export const gap = (from: number, to: number): Gap => ({
  type: 'gap',
  cause: 'falco-drop',
  from: at(from),
  to: at(to),
});

/** A child with its parent's place and environment. */
export const below = (parent: Someone, child: Omit<Someone, 'above'>): Someone => ({
  ...(parent.node !== undefined && { node: parent.node }),
  ...(parent.origin && { origin: parent.origin }),
  ...child,
  env: { ...parent.env, ...child.env },
  above: [parent, ...(parent.above ?? [])],
});
