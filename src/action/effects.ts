import { basename } from 'node:path/posix';
import type { Effects, Touch } from '../model/action.ts';
import type { EventProcess, FalcoEvent } from '../model/event.ts';
import { resolvePath } from '../model/path.ts';
import { isControl, isSecret, pathClass } from '../model/path-class.ts';
import {
  EXECS,
  IDENTITIES,
  LINKS,
  LISTENS,
  MODES,
  OPENS,
  opensToWrite,
  REACHES,
  REMOVALS,
  RENAMES,
  succeeded,
} from './calls.ts';
import { Connections } from './connections.ts';
import { isOwnProcess, keepsRepository, ownsSecret, reachesOwn, renewsSecret, tracesOwn } from './credentials.ts';
import { executedBy, isShell } from './executed.ts';
import { Touches } from './touches.ts';

/** Distinct names kept of the programs and listeners of one action. */
const MAX_NAMES = 128;

/** Classes that every program reads and that tell nothing. */
const UNTOLD_READS = new Set(['system', 'git', 'git-config', 'dependencies', 'cache', 'agent-state', 'other']);

const SOCKET = /^(ipv4|ipv6|4|6)$/;

/** What the effects of an event depend on besides the event itself. */
export interface EffectsContext {
  readonly workspace: string | undefined;
  /** True when the agent process itself acted. */
  readonly own: boolean;
  /** The user that the agent runs as. */
  readonly uid: number | undefined;
  /** Tells of `address:port` whether it is the agent's own endpoint: its model's API and the like. */
  readonly isModelApi: (endpoint: string) => boolean;
  /** Paths of the agent's own state, which its wrappers touch in every call. */
  readonly ownState: readonly RegExp[];
}

/** The file that an operation of the agent process means, where the event itself hides it. */
export interface ResolvedPath {
  readonly path: string;
  readonly guessed: boolean;
}

/** Sums what an action did, event by event. */
export class EffectsBuilder {
  readonly #programs = new Set<string>();
  readonly #reads = new Touches();
  readonly #writes = new Touches();
  readonly #deletes = new Touches();
  readonly #madeExecutable = new Touches();
  readonly #executed = new Touches();
  readonly #connections = new Connections();
  readonly #listens = new Set<string>();
  readonly #privilege = new Set<string>();
  #shellOnSocket = false;
  #sensitive = 0;
  #exitStatus: number | undefined;

  add(event: FalcoEvent, context: EffectsContext, resolved?: ResolvedPath): void {
    const { call, process, fd, path, flags, mode } = event;
    if (call === undefined || !process) return;
    if (call === 'connect') this.#connections.add(event, context.isModelApi);
    else if (REACHES.has(call)) {
      if (!reachesOwn(call, process.cmdline)) this.#privilege.add(call);
    } else if (!succeeded(event.result)) return;
    else if (EXECS.has(call)) this.#addExec(process, context);
    else if (OPENS.has(call)) {
      const into = opensToWrite(call, flags) ? this.#writes : this.#reads;
      this.#touch(into, resolved?.path ?? fd?.name, process, context, resolved?.guessed);
    } else if (REMOVALS.has(call)) this.#touch(this.#deletes, resolved?.path ?? path?.name, process, context);
    else if (RENAMES.has(call))
      this.#touch(this.#writes, resolved?.path ?? path?.target, process, context, resolved?.guessed);
    // Of a link, Falco calls what is made the source.
    else if (LINKS.has(call)) this.#touch(this.#writes, resolved?.path ?? path?.source, process, context);
    else if (MODES.has(call)) {
      if (mode?.includes('S_IX')) this.#touch(this.#madeExecutable, path?.name ?? fd?.name, process, context);
    } else if (LISTENS.has(call)) {
      if (fd?.name && this.#listens.size < MAX_NAMES) this.#listens.add(fd.name);
    } else if (IDENTITIES.has(call) && process.uid === 0 && context.uid !== undefined && context.uid !== 0)
      this.#privilege.add(call);
  }

  exited(status: number | undefined): void {
    if (status !== undefined) this.#exitStatus = status;
  }

  /** Takes over what another builder has summed. */
  absorb(other: EffectsBuilder): void {
    for (const name of other.#programs) this.#addProgram(name);
    this.#reads.absorb(other.#reads);
    this.#writes.absorb(other.#writes);
    this.#deletes.absorb(other.#deletes);
    this.#madeExecutable.absorb(other.#madeExecutable);
    this.#executed.absorb(other.#executed);
    this.#connections.absorb(other.#connections);
    for (const listen of other.#listens) if (this.#listens.size < MAX_NAMES) this.#listens.add(listen);
    for (const call of other.#privilege) this.#privilege.add(call);
    this.#shellOnSocket ||= other.#shellOnSocket;
  }

  /** True while nothing was done: events of ends, and of what tells nothing. */
  get none(): boolean {
    const touched = [this.#reads, this.#writes, this.#deletes, this.#madeExecutable, this.#executed];
    const named = [this.#programs, this.#listens, this.#privilege, this.#connections];
    return touched.every(({ size }) => size === 0) && named.every(({ size }) => size === 0);
  }

  /** Grows with each effect that a detector may want to hear of at once. */
  get telling(): number {
    const sockets = this.#shellOnSocket ? 1 : 0;
    return this.#sensitive + this.#executed.size + this.#connections.size + this.#privilege.size + sockets;
  }

  wrote(path: string): boolean {
    return this.#writes.has(path);
  }

  build(): Effects {
    return {
      programs: [...this.#programs],
      reads: this.#reads.build(),
      writes: this.#writes.build(),
      deletes: this.#deletes.build(),
      madeExecutable: this.#madeExecutable.build(),
      executed: this.#executed.build(),
      connections: this.#connections.build(),
      listens: [...this.#listens],
      shellOnSocket: this.#shellOnSocket,
      privilegeCalls: [...this.#privilege],
      ...(this.#exitStatus !== undefined && { exitStatus: this.#exitStatus }),
    };
  }

  #addExec(process: EventProcess, context: EffectsContext): void {
    const name = process.name ?? basename(process.exepath ?? '');
    this.#addProgram(name);
    if (isShell(name) && (SOCKET.test(process.stdin ?? '') || SOCKET.test(process.stdout ?? '')))
      this.#shellOnSocket = true;
    for (const touch of executedBy(process, name, context.workspace)) this.#executed.add(touch);
  }

  #addProgram(name: string): void {
    if (this.#programs.size < MAX_NAMES) this.#programs.add(name);
  }

  #touch(
    into: Touches,
    named: string | undefined,
    process: EventProcess,
    context: EffectsContext,
    guessed = false,
  ): void {
    if (named === undefined) return;
    const path = named.startsWith('?/') ? named : resolvePath(named, process.cwd);
    if (into.has(path)) return;
    const name = classOf(path, process, context.workspace);
    const sensitive = isSecret(name) || isControl(name);
    // The agent's own state is its own affair, unless somebody else looks into what is sensitive in it.
    if ((context.own || !sensitive) && context.ownState.some((pattern) => pattern.test(path))) return;
    if (into === this.#reads && !isToldRead(path, name, process, context)) return;
    if (into === this.#writes && renewsSecret(name, process.cmdline)) return;
    const touch: Touch = { path, class: name, ...(guessed && { guessed: true as const }) };
    into.add(touch);
    if (sensitive) this.#sensitive++;
  }
}

const classOf = (path: string, { cmdline }: EventProcess, workspace: string | undefined): string => {
  const name = path.startsWith('?/') ? classOfUnplaced(path) : pathClass(path, workspace);
  return keepsRepository(name, cmdline) ? 'git' : name;
};

/** Of a file whose directory nobody told, its name may still tell the class; else it is taken to lie in the workspace. */
const classOfUnplaced = (path: string): string => {
  const name = pathClass(path.slice(1));
  return name === 'other' ? 'workspace' : name;
};

const isToldRead = (
  path: string,
  name: string,
  { pid, vpid, cmdline }: EventProcess,
  context: EffectsContext,
): boolean => {
  if (UNTOLD_READS.has(name)) return false;
  // Every process may look at itself; for the agent that is where its keys are.
  if (name.startsWith('process:')) return context.own || !(isOwnProcess(path, pid, vpid) || tracesOwn(cmdline));
  return !ownsSecret(name, cmdline);
};
