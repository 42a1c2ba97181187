import { basename } from 'node:path/posix';
import type { Connection, Effects, Touch } from '../model/action.ts';
import type { FalcoEvent } from '../model/event.ts';
import { isControl, isSecret, pathClass } from '../model/path-class.ts';
import { networkOf } from './network.ts';

/** Distinct values kept of each kind of effect; what is sensitive is kept beyond it, up to four times as many. */
const LIMIT = 64;

/** Classes that every program reads and that tell nothing. */
const UNTOLD_READS = new Set(['system', 'git', 'dependencies', 'cache', 'agent-state', 'other']);

const PRIVILEGE_CALLS = new Set([
  'ptrace',
  'process_vm_readv',
  'mount',
  'unshare',
  'setns',
  'memfd_create',
  'capset',
  'init_module',
  'finit_module',
  'bpf',
]);
const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'fish']);
const SOCKET = /^(ipv4|ipv6|4|6)$/;

export interface EffectsContext {
  readonly workspace: string | undefined;
  /** `address:port` of every endpoint that the agent process itself has talked to. */
  readonly modelApi: ReadonlySet<string>;
  /** Paths of the agent's own state, which its wrappers touch in every call. */
  readonly ownState: readonly RegExp[];
}

/** Programs that read these secrets because they are theirs: a use of the credential, not a look at it. */
const OWNERS: Readonly<Record<string, RegExp>> = {
  'secret:registry': /(^|\/)(npm|npx|pnpm|yarn|pip3?|twine|cargo|gem|bundle)( |$)/,
  'secret:git': /(^|\/)git(-remote-https?|-credential-\S+)?( |$)/,
  'secret:ssh': /(^|\/)(ssh|scp|sftp|ssh-agent|ssh-keygen)( |$)/,
  'secret:github': /(^|\/)gh( |$)/,
  'secret:aws': /(^|\/)aws( |$)/,
  'secret:gcp': /(^|\/)(gcloud|gsutil)( |$)/,
  'secret:azure': /(^|\/)az( |$)/,
  'secret:kubernetes': /(^|\/)(kubectl|helm)( |$)/,
  'secret:docker': /(^|\/)(docker|buildah|podman)( |$)/,
};

/** Sums what an action did, event by event. */
export class EffectsBuilder {
  readonly #programs = new Set<string>();
  readonly #reads = new Map<string, Touch>();
  readonly #writes = new Map<string, Touch>();
  readonly #deletes = new Map<string, Touch>();
  readonly #madeExecutable = new Map<string, Touch>();
  readonly #executed = new Map<string, Touch>();
  readonly #connections = new Map<string, Connection>();
  readonly #listens = new Set<string>();
  readonly #privilege = new Set<string>();
  #shellOnSocket = false;
  #exitStatus: number | undefined;

  /** `path` stands for the file that the event means, where the event itself hides it. */
  add(event: FalcoEvent, context: EffectsContext, path?: string): void {
    const { call, process } = event;
    if (call === undefined || !process) return;
    const succeeded = event.result === undefined || event.result === 'SUCCESS';
    const file = path ?? event.fd?.name;
    switch (call) {
      case 'execve':
      case 'execveat':
        if (succeeded) this.#addExec(event, context);
        return;
      case 'open':
      case 'openat':
      case 'openat2':
      case 'creat':
        if (succeeded && file) {
          const writing = call === 'creat' || /O_(WRONLY|RDWR|TRUNC|APPEND|CREAT)\b/.test(event.flags ?? '');
          if (writing) this.#touch(this.#writes, file, context, path !== undefined);
          else if (!ownsSecret(file, process.cmdline)) this.#touch(this.#reads, file, context, path !== undefined);
        }
        return;
      case 'unlink':
      case 'unlinkat':
      case 'rmdir':
        if (succeeded) this.#touch(this.#deletes, absolute(event.path?.name, process.cwd), context);
        return;
      case 'rename':
      case 'renameat':
      case 'renameat2':
      case 'link':
      case 'linkat':
      case 'symlink':
      case 'symlinkat':
        if (succeeded) this.#touch(this.#writes, path ?? absolute(event.path?.target, process.cwd), context);
        return;
      case 'chmod':
      case 'fchmod':
      case 'fchmodat':
        if (succeeded && /S_IX/.test(event.mode ?? ''))
          this.#touch(this.#madeExecutable, absolute(event.path?.name ?? file, process.cwd), context);
        return;
      case 'connect':
        this.#addConnection(event, context);
        return;
      case 'listen':
      case 'bind':
        if (event.fd?.name && this.#listens.size < LIMIT) this.#listens.add(event.fd.name);
        return;
      default:
        if (PRIVILEGE_CALLS.has(call)) this.#privilege.add(call);
    }
  }

  exited(status: number | undefined): void {
    if (status !== undefined) this.#exitStatus = status;
  }

  build(): Effects {
    return {
      programs: [...this.#programs],
      reads: [...this.#reads.values()],
      writes: [...this.#writes.values()],
      deletes: [...this.#deletes.values()],
      madeExecutable: [...this.#madeExecutable.values()],
      executed: [...this.#executed.values()],
      connections: [...this.#connections.values()],
      listens: [...this.#listens],
      shellOnSocket: this.#shellOnSocket,
      privilegeCalls: [...this.#privilege],
      ...(this.#exitStatus !== undefined && { exitStatus: this.#exitStatus }),
    };
  }

  #addExec({ process }: FalcoEvent, context: EffectsContext): void {
    if (!process) return;
    const name = process.name ?? basename(process.exepath ?? '');
    if (this.#programs.size < LIMIT) this.#programs.add(name);
    if (SHELLS.has(name) && (SOCKET.test(process.stdin ?? '') || SOCKET.test(process.stdout ?? '')))
      this.#shellOnSocket = true;
    const script = scriptOf(process.cmdline, name);
    for (const path of [process.exepath, script && absolute(script, process.cwd)]) {
      if (path?.startsWith('/') && pathClass(path, context.workspace) !== 'system')
        this.#touch(this.#executed, path, context);
    }
  }

  #addConnection({ fd, result }: FalcoEvent, context: EffectsContext): void {
    if (!fd?.serverIp || fd.serverPort === undefined || !(result === 'SUCCESS' || result === 'EINPROGRESS')) return;
    const key = `${fd.serverIp}:${fd.serverPort}`;
    if (this.#connections.has(key) || this.#connections.size >= LIMIT) return;
    this.#connections.set(key, {
      address: fd.serverIp,
      port: fd.serverPort,
      network: networkOf(fd.serverIp),
      modelApi: context.modelApi.has(key),
    });
  }

  #touch(into: Map<string, Touch>, path: string | undefined, context: EffectsContext, resolved = false): void {
    if (path === undefined || into.has(path)) return;
    if (context.ownState.some((pattern) => pattern.test(path))) return;
    const name = pathClass(path, context.workspace);
    if (into === this.#reads && UNTOLD_READS.has(name)) return;
    const limit = isSecret(name) || isControl(name) ? LIMIT * 4 : LIMIT;
    if (into.size >= limit) return;
    into.set(path, { path, class: name, ...(resolved && path.startsWith('?/') && { guessed: true as const }) });
  }
}

const ownsSecret = (file: string, cmdline: string | undefined): boolean => {
  const name = pathClass(file);
  return name.startsWith('secret:') && (OWNERS[name]?.test(cmdline ?? '') ?? false);
};

/** An executed script: the kernel runs its interpreter with the script's path behind the script's name. */
const scriptOf = (cmdline: string | undefined, name: string): string | undefined =>
  cmdline?.split(' ', 4).find((word, index) => index > 0 && word.startsWith('/') && basename(word) === name);

const absolute = (path: string | undefined, cwd: string | undefined): string | undefined => {
  if (path === undefined || path.startsWith('/') || path.startsWith('?/')) return path;
  return cwd === undefined ? path : `${cwd.replace(/\/+$/, '')}/${path.replace(/^(\.\/)+/, '')}`;
};
