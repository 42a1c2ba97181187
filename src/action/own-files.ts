import type { AgentSpec } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import { resolvePath } from '../model/path.ts';
import { isBelow, pathClass } from '../model/path-class.ts';
import { EXECS, LINKS, OPENS, opensToWrite, REMOVALS, RENAMES, succeeded } from './calls.ts';
import type { ResolvedPath } from './effects.ts';
import { Names } from './names.ts';

/** Classes of files that an agent process opens to do its own work. */
const OWN_READS = new Set(['system', 'git', 'git-config', 'agent-state', 'cache', 'dependencies', 'autorun']);
/** Classes that an agent process writes to on its own account. */
const OWN_WRITES = new Set(['system', 'git', 'agent-state', 'cache']);

/** What the agent process itself did to a file. */
export interface FileOperation extends ResolvedPath {
  readonly writes: boolean;
  readonly removes: boolean;
  readonly failed: boolean;
  /** True for a look that the agent takes by itself, at its instructions say: the model's doing only when a write goes with it. */
  readonly probe: boolean;
}

/** Tells the model's file operations from the agent's own housekeeping, by the files that they are about. */
export class OwnFiles {
  readonly #spec: AgentSpec;
  readonly #names: Names;

  constructor(spec: AgentSpec, maxNames: number) {
    this.#spec = spec;
    this.#names = new Names(maxNames);
  }

  /** The operation that an event of the agent process is part of, or undefined for housekeeping. */
  operation(event: FalcoEvent, workspace: string | undefined): FileOperation | undefined {
    const { call, flags } = event;
    const raw = subjectOf(event);
    if (call === undefined || raw === undefined) return undefined;
    const opening = OPENS.has(call);
    const writes = !opening || opensToWrite(call, flags);
    const meant = this.#names.resolve(resolvePath(raw, event.process?.cwd));
    const { path, guessed } = meant;
    const directory = opening && !writes && (flags?.includes('O_DIRECTORY') || this.isDirectory(path, workspace));
    if (this.#isOwnState(path) || this.#isOwnState(raw)) return undefined;
    const name = pathClass(path, workspace);
    if (!writes && (directory || OWN_READS.has(name))) return undefined;
    if (writes && this.#isOwnWrite(path, name, workspace)) return undefined;
    const probe =
      !writes && (guessed || name === 'agent-config' || this.#spec.ownReads.some((pattern) => pattern.test(path)));
    this.#names.remember(path);
    if (!probe) this.#names.addParent(path);
    return { path, guessed, writes, removes: REMOVALS.has(call), failed: !succeeded(event.result), probe };
  }

  /** Learns where things lie from any event of the session: a directory that is opened looks like a file. */
  learn({ call, flags, fd, process }: FalcoEvent): void {
    if (call !== undefined && EXECS.has(call) && process?.cwd) this.#names.addDirectory(process.cwd);
    else if (fd?.name && flags?.includes('O_DIRECTORY')) this.#names.addDirectory(fd.name);
  }

  isDirectory(path: string, workspace: string | undefined): boolean {
    return this.#names.isDirectory(path) || (workspace !== undefined && isBelow(workspace, path));
  }

  #isOwnState(path: string): boolean {
    return this.#spec.ownState.some((pattern) => pattern.test(path));
  }

  #isOwnWrite(path: string, name: string, workspace: string | undefined): boolean {
    if (path.startsWith('?/')) return false;
    if (name === 'dependencies') return workspace === undefined || !isBelow(path, workspace);
    return OWN_WRITES.has(name);
  }
}

/** The path that a file call is about; of a rename what it became, of a link what was made. */
const subjectOf = ({ call, fd, path }: FalcoEvent): string | undefined => {
  if (call === undefined) return undefined;
  if (OPENS.has(call)) return fd?.name;
  if (RENAMES.has(call)) return path?.target;
  if (LINKS.has(call)) return path?.source;
  return REMOVALS.has(call) || call.startsWith('truncate') ? path?.name : undefined;
};
