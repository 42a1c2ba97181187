import {
  type Ancestor,
  type EventExit,
  type EventFd,
  type EventOrigin,
  type EventPath,
  type EventProcess,
  type FalcoEvent,
  PRIORITIES,
  type Priority,
} from '../model/event.ts';
import type { Envelope } from './envelope.ts';
import { bool, integer, nanos, text } from './field.ts';

/** Telemetry rules carry this tag; an event without it is an alert of somebody else's rule and kept as evidence. */
export const TELEMETRY_TAG = 'creance';

/** How many ancestors Falco can print of a process; creance's rules print fewer. */
const MAX_ANCESTORS = 16;
const ANCESTOR_FIELDS = Array.from({ length: MAX_ANCESTORS }, (_, index) => {
  const n = index + 1;
  return {
    pid: `proc.apid[${n}]`,
    name: `proc.aname[${n}]`,
    exepath: `proc.aexepath[${n}]`,
    cmdline: `proc.acmdline[${n}]`,
  };
});

const EVENT_FIELDS = [
  'evt.num',
  'evt.type',
  'evt.res',
  'evt.arg.flags',
  'evt.arg.mode',
  'evt.arg.status',
  'evt.arg.ret',
  'evt.arg.sig',
  'proc.pid',
  'proc.ppid',
  'proc.pid.ts',
  'proc.vpid',
  'proc.sid',
  'proc.vpgid',
  'proc.tty',
  'proc.name',
  'proc.exe',
  'proc.exepath',
  'proc.cmdline',
  'proc.cwd',
  'proc.pname',
  'proc.pexepath',
  'proc.pcmdline',
  'proc.stdin.type',
  'proc.stdout.type',
  'proc.is_exe_from_memfd',
  'proc.is_exe_upper_layer',
  'user.name',
  'user.uid',
  'fd.name',
  'fd.typechar',
  'fd.sip',
  'fd.sport',
  'fd.l4proto',
  'fs.path.name',
  'fs.path.source',
  'fs.path.target',
  'container.id',
  'container.image.repository',
  'k8s.ns.name',
  'k8s.pod.name',
  'k8s.pod.uid',
  'n_drops',
] as const;

/** Every field that an event is made of, besides `proc.env[NAME]`: a reader may skip all others. */
export const WANTED_FIELDS: ReadonlySet<string> = new Set<string>([
  ...EVENT_FIELDS,
  ...ANCESTOR_FIELDS.flatMap((names) => Object.values(names)),
]);

/** Gives an envelope its meaning. Total: whatever the fields hold, an event comes out, with less in it. */
export const toEvent = (envelope: Envelope): FalcoEvent => {
  const { fields, tags } = envelope;
  const event: Draft<FalcoEvent> = {
    type: 'event',
    time: envelope.time,
    rule: envelope.rule,
    priority: toPriority(envelope.priority),
    source: envelope.source,
    hostname: envelope.hostname,
    tags,
  };
  set(event, 'num', text(fields['evt.num']));
  set(event, 'call', text(fields['evt.type']));
  set(event, 'result', text(fields['evt.res']));
  set(event, 'flags', text(fields['evt.arg.flags']));
  set(event, 'mode', text(fields['evt.arg.mode']));
  set(event, 'output', tags.includes(TELEMETRY_TAG) ? undefined : envelope.output());
  set(event, 'process', toProcess(fields));
  set(event, 'fd', toFd(fields));
  set(event, 'path', toPath(fields));
  set(event, 'exit', event.call === 'procexit' ? toExit(fields) : undefined);
  set(event, 'origin', toOrigin(fields));
  return event;
};

const PRIORITY_OF = new Map<string | number, Priority>([
  ...PRIORITIES.map((name, index) => [index, name] as const),
  ...PRIORITIES.map((name) => [name, name] as const),
  ['info', 'informational'],
]);

const toPriority = (value: string | number): Priority =>
  PRIORITY_OF.get(typeof value === 'string' ? value.toLowerCase() : value) ?? 'debug';

const toProcess = (fields: Envelope['fields']): EventProcess | undefined => {
  const pid = integer(fields['proc.pid']);
  if (pid === undefined) return undefined;
  const process: Draft<EventProcess> = { pid, ancestors: toAncestors(fields), env: toEnv(fields) };
  set(process, 'startTime', nanos(fields['proc.pid.ts']));
  set(process, 'vpid', integer(fields['proc.vpid']));
  set(process, 'sid', integer(fields['proc.sid']));
  set(process, 'vpgid', integer(fields['proc.vpgid']));
  set(process, 'tty', integer(fields['proc.tty']));
  set(process, 'name', text(fields['proc.name']));
  set(process, 'exe', text(fields['proc.exe']));
  set(process, 'exepath', text(fields['proc.exepath']));
  set(process, 'cmdline', text(fields['proc.cmdline']));
  set(process, 'cwd', text(fields['proc.cwd']));
  set(process, 'stdin', text(fields['proc.stdin.type']));
  set(process, 'stdout', text(fields['proc.stdout.type']));
  set(process, 'fromMemfd', bool(fields['proc.is_exe_from_memfd']));
  set(process, 'upperLayer', bool(fields['proc.is_exe_upper_layer']));
  set(process, 'user', text(fields['user.name']));
  set(process, 'uid', integer(fields['user.uid']));
  return process;
};

/** The chain as far as it has no hole: behind a missing pid the rest cannot be placed. */
const toAncestors = (fields: Envelope['fields']): readonly Ancestor[] => {
  const ancestors: Ancestor[] = [];
  for (const [index, names] of ANCESTOR_FIELDS.entries()) {
    const parent = index === 0;
    const pid = integer(fields[names.pid]) ?? (parent ? integer(fields['proc.ppid']) : undefined);
    if (pid === undefined) break;
    ancestors.push({
      pid,
      ...defined({
        name: text(fields[names.name]) ?? (parent ? text(fields['proc.pname']) : undefined),
        exepath: text(fields[names.exepath]) ?? (parent ? text(fields['proc.pexepath']) : undefined),
        cmdline: text(fields[names.cmdline]) ?? (parent ? text(fields['proc.pcmdline']) : undefined),
      }),
    });
  }
  return ancestors;
};

const ENV_PREFIX = 'proc.env[';

const toEnv = (fields: Envelope['fields']): Readonly<Record<string, string>> => {
  const env: Record<string, string> = Object.create(null);
  for (const name in fields) {
    // The one character tells nearly all other names apart.
    if (name[ENV_PREFIX.length - 1] !== '[' || !name.startsWith(ENV_PREFIX)) continue;
    const value = text(fields[name]);
    if (value !== undefined) env[name.slice(ENV_PREFIX.length, -1)] = value;
  }
  return env;
};

const toFd = (fields: Envelope['fields']): EventFd | undefined =>
  unlessEmpty({
    name: text(fields['fd.name']),
    kind: text(fields['fd.typechar']),
    serverIp: text(fields['fd.sip']),
    serverPort: integer(fields['fd.sport']),
    protocol: text(fields['fd.l4proto']),
  });

const toPath = (fields: Envelope['fields']): EventPath | undefined =>
  unlessEmpty({
    name: text(fields['fs.path.name']),
    source: text(fields['fs.path.source']),
    target: text(fields['fs.path.target']),
  });

const toExit = (fields: Envelope['fields']): EventExit | undefined =>
  unlessEmpty({
    status: integer(fields['evt.arg.ret']) ?? integer(fields['evt.arg.status']),
    signal: text(fields['evt.arg.sig']),
  });

const toOrigin = (fields: Envelope['fields']): EventOrigin | undefined =>
  unlessEmpty({
    containerId: text(fields['container.id']),
    image: text(fields['container.image.repository']),
    namespace: text(fields['k8s.ns.name']),
    pod: text(fields['k8s.pod.name']),
    podUid: text(fields['k8s.pod.uid']),
  });

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Leaves out what is undefined, so that an absent field and a missing one are one thing. */
const set = <T extends object, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void => {
  if (value !== undefined) target[key] = value;
};

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same for all values of an object. */
const defined = <T extends object>(values: T): Defined<T> => {
  const result: Defined<T> = {};
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) result[key] = value as Exclude<T[typeof key], undefined>;
  }
  return result;
};

const unlessEmpty = <T extends object>(values: T): Defined<T> | undefined => {
  for (const key in values) if (values[key] !== undefined) return defined(values);
  return undefined;
};
