import type { Starter } from '../../../model/session.ts';
import { HOME, WORKSPACE } from './timeline.ts';

export type FalcoFields = Readonly<Record<string, string | number | boolean>>;

/** A process as events name it, its ancestors with it, the parent first. */
interface Process {
  readonly pid: number;
  readonly name: string;
  readonly exepath: string;
  readonly cmdline: string;
}

const EXE = '/opt/agents/claude-code/bin/claude.exe';

/** The agent of a timeline and its children, as Falco's fields describe them. */
export class AgentProcess {
  readonly #above: readonly Process[];
  readonly #agent: Process;
  readonly #born: bigint;
  #pid: number;

  constructor(pid: number, born: bigint, startedBy: Starter = 'user', flags: readonly string[] = []) {
    this.#pid = pid + 10;
    this.#born = born;
    this.#above = aboveOf(pid, startedBy);
    const cmdline = ['claude', '-p', 'a task', ...flags].join(' ');
    this.#agent = { pid, name: 'claude', exepath: EXE, cmdline };
  }

  self(): FalcoFields {
    return this.#fields(this.#agent, this.#above, this.#born, {});
  }

  /** The shell of a tool call, as the agent wraps it. */
  shell(command: string, time: bigint): FalcoFields {
    const quoted = command.replaceAll("'", `'"'"'`);
    const cmdline = `bash -c source ${HOME}/.claude/shell-snapshots/snapshot-bash-1-x.sh 2>/dev/null || true && eval '${quoted}' < /dev/null && pwd -P >| /tmp/claude-1-cwd`;
    const process = { pid: ++this.#pid, name: 'bash', exepath: '/usr/bin/bash', cmdline };
    return this.#fields(process, [this.#agent, ...this.#above], time, { 'proc.sid': process.pid, ...MARKER });
  }

  program(shell: FalcoFields, name: string, command: string, exepath: string, time: bigint): FalcoFields {
    const parent = {
      pid: shell['proc.pid'] as number,
      name: 'bash',
      exepath: '/usr/bin/bash',
      cmdline: shell['proc.cmdline'] as string,
    };
    const process = { pid: ++this.#pid, name, exepath, cmdline: lineOf(name, command) };
    return this.#fields(process, [parent, this.#agent, ...this.#above], time, MARKER);
  }

  #fields(process: Process, above: readonly Process[], born: bigint, more: FalcoFields): FalcoFields {
    const { pid, name, exepath, cmdline } = process;
    return {
      'proc.pid': pid,
      'proc.vpid': pid,
      'proc.pid.ts': String(born),
      'proc.name': name,
      'proc.exe': name,
      'proc.exepath': exepath,
      'proc.cmdline': cmdline,
      'proc.cwd': WORKSPACE,
      'proc.sid': this.#agent.pid,
      'user.name': 'runner',
      'user.uid': 1001,
      'proc.env[GITHUB_REPOSITORY]': 'creance/selftest',
      ...Object.fromEntries(above.flatMap(ancestorFields)),
      ...more,
    };
  }
}

const MARKER: FalcoFields = { 'proc.env[CLAUDECODE]': '1' };

const ancestorFields = ({ pid, name, exepath, cmdline }: Process, index: number) => {
  const n = index + 1;
  return Object.entries({ apid: pid, aname: name, aexepath: exepath, acmdline: cmdline }).map(
    ([field, value]) => [`proc.${field}[${n}]`, value] as const,
  );
};

const aboveOf = (pid: number, startedBy: Starter): readonly Process[] => {
  const init = { pid: 1, name: 'init', exepath: '/sbin/init', cmdline: 'init' };
  if (startedBy !== 'lifecycle-script')
    return [{ pid: pid - 1, name: 'bash', exepath: '/usr/bin/bash', cmdline: 'bash -e step.sh' }, init];
  return [
    { pid: pid - 1, name: 'node', exepath: '/usr/bin/node', cmdline: 'node telemetry.js' },
    { pid: pid - 2, name: 'sh', exepath: '/usr/bin/sh', cmdline: 'sh -c node telemetry.js' },
    { pid: pid - 3, name: 'npm install', exepath: '/usr/bin/node', cmdline: 'npm install' },
    init,
  ];
};

/** The part of a command that starts the program, as far as it can be told; else its name. */
const lineOf = (name: string, command: string): string =>
  command.split(/\s*(?:[;|]|&&)\s*/).find((part) => part.split(' ')[0]?.split('/').at(-1) === name) ?? name;
