import { basename } from 'node:path/posix';
import { AgentProcess, type FalcoFields } from './processes.ts';
import { BEGIN, endpointOf, pathsOf, pauseOf, type Timeline, type TimelineStep } from './timeline.ts';

/** Why a timeline cannot be told as events; undefined when it can. */
export const untold = ({ session, steps }: Timeline): string | undefined => {
  if (session?.agent !== undefined && session.agent !== 'claude-code') return 'is about another agent';
  if (session?.startedBy === 'agent') return 'is about an agent in an agent';
  if (steps.some(({ gap }) => gap !== undefined && gap !== 'falco-drop')) return 'is about a loss that is not Falco’s';
  if (steps.some(({ kind }) => kind === 'tool')) return 'is about a tool server';
  if (steps.some(({ novel }) => novel !== undefined)) return 'needs a baseline';
  return undefined;
};

/** What an event says besides the process that it belongs to. */
interface Told {
  readonly call: string;
  readonly fields?: FalcoFields;
}

const MODEL = '198.51.100.20:443';

/**
 * A timeline as Falco would tell it, one JSON document for each event, made as the shipped telemetry rules print it. Times
 * begin at `begin`, and process ids at `pid`, so that several can be sent to one consumer; `job` tells its alerts from others.
 */
export const eventsOf = (timeline: Timeline, begin = BEGIN, pid = 100, job?: string): readonly string[] => {
  const documents: string[] = [];
  const agent = new AgentProcess(pid, begin, timeline.session?.startedBy, timeline.session?.flags);
  let time = begin;
  const scope: FalcoFields = job === undefined ? {} : { 'proc.env[GITHUB_JOB]': job };
  const tell = (process: FalcoFields, { call, fields = {} }: Told, extra: object = {}) => {
    time += 1_000_000n;
    const all = { ...process, ...scope, 'evt.type': call, 'evt.res': 'SUCCESS', ...fields };
    documents.push(document(time, documents.length + 1, all, extra));
  };
  tell(agent.self(), { call: 'execve' });
  tell(agent.self(), connect(MODEL));
  for (const step of timeline.steps) {
    time += pauseOf(step);
    if (step.gap !== undefined) {
      documents.push(drop(time, step.lost ?? 1));
      continue;
    }
    const command = step.run ?? step.script;
    if (command === undefined) {
      for (const told of effectsOf(step)) tell(agent.self(), told);
      continue;
    }
    const shell = agent.shell(command, time);
    tell(shell, { call: 'execve' });
    let doer = shell;
    for (const name of step.programs ?? []) {
      const program = agent.program(shell, name, command, programPath(step, name), time);
      doer = SHELL.test(name) ? doer : program;
      tell(program, { call: 'execve', fields: step.shellOnSocket ? { 'proc.stdin.type': 'ipv4' } : {} });
    }
    for (const path of oddPrograms(step)) {
      const [, way] = path.split('/');
      const odd = agent.program(shell, basename(path), command, `/usr/bin/${basename(path)}`, time);
      const fields = way === 'memfd' ? { 'proc.is_exe_from_memfd': true } : { 'proc.exe': '/proc/self/root/usr/bin/x' };
      tell(odd, { call: 'execve', fields });
    }
    if (step.falco)
      tell(doer, { call: 'openat' }, { rule: step.falco.rule, priority: step.falco.priority, tags: step.falco.tags });
    for (const told of effectsOf(step)) tell(doer, told);
    tell(shell, { call: 'procexit', fields: { 'evt.arg.ret': 0 } });
  }
  time += 1_000_000_000n;
  tell(agent.self(), { call: 'procexit', fields: { 'evt.arg.ret': 0 } });
  return documents;
};

const SHELL = /^(ba|z|da)?sh$/;
const ODD = /^\/(memfd|disguised)\//;

const programPath = ({ executes }: TimelineStep, name: string): string =>
  pathsOf(executes).find((path) => basename(path) === name && !ODD.test(path)) ?? `/usr/bin/${name}`;

const oddPrograms = ({ executes }: TimelineStep) => pathsOf(executes).filter((path) => ODD.test(path));

/** The events of what a step did to files and network, in the order in which it is written most often. */
const effectsOf = (step: TimelineStep): readonly Told[] => [
  ...pathsOf([...(step.read === undefined ? [] : [step.read]), ...(step.reads ?? [])]).map((path) =>
    open(path, 'O_RDONLY'),
  ),
  ...pathsOf([...(step.edit === undefined ? [] : [step.edit]), ...(step.writes ?? [])]).map((path) =>
    open(path, 'O_TRUNC|O_CREAT|O_WRONLY'),
  ),
  ...pathsOf(step.chmod).map((path) => ({
    call: 'fchmodat',
    fields: { 'fs.path.name': path, 'evt.arg.mode': 'S_IXUSR|S_IRUSR' },
  })),
  ...pathsOf(step.deletes).map((path) => ({ call: 'unlinkat', fields: { 'fs.path.name': path } })),
  ...[...(step.model ?? []), ...(step.connects ?? [])].map(connect),
  ...(step.listens ?? []).map((name) => ({ call: 'listen', fields: { 'fd.name': name } })),
  ...(step.calls ?? []).map((call) => ({ call, fields: IDENTITY.test(call) ? { 'user.uid': 0 } : {} })),
];

const IDENTITY = /^set\w*[ug]id$/;

const open = (path: string, flags: string): Told => ({
  call: 'openat',
  fields: { 'fd.name': path, 'fd.typechar': 'f', 'evt.arg.flags': flags },
});

const connect = (endpoint: string): Told => {
  const { address, port } = endpointOf(endpoint);
  const name = `10.1.0.5:40000->${endpoint}`;
  return {
    call: 'connect',
    fields: { 'fd.name': name, 'fd.typechar': '4', 'fd.sip': address, 'fd.sport': port, 'fd.l4proto': 'tcp' },
  };
};

/** RFC 3339 with nine digits, as Falco writes it. */
const isoTime = (time: bigint): string => {
  const second = new Date(Number(time / 1_000_000_000n) * 1_000).toISOString().slice(0, 19);
  return `${second}.${String(time % 1_000_000_000n).padStart(9, '0')}Z`;
};

const document = (time: bigint, num: number, fields: FalcoFields, extra: object): string =>
  JSON.stringify({
    time: isoTime(time),
    rule: 'creance self-test',
    priority: 'Debug',
    source: 'syscall',
    hostname: 'creance-selftest',
    tags: ['creance'],
    output: '',
    output_fields: { 'evt.num': num, ...fields },
    ...extra,
  });

const drop = (time: bigint, lost: number): string =>
  JSON.stringify({
    time: isoTime(time),
    rule: 'Falco internal: syscall event drop',
    priority: 'Debug',
    source: 'internal',
    hostname: 'creance-selftest',
    output: '',
    output_fields: { n_drops: String(lost), n_evts: String(lost * 2) },
  });
