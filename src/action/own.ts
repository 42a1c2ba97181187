import { basename, dirname, relative } from 'node:path/posix';
import type { ActionKind } from '../model/action.ts';
import type { AgentSpec } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import { isBelow, isControl, isSecret, pathClass } from '../model/path-class.ts';
import { fileSubject } from './symbol.ts';

/** Names remembered of files that a session has touched, to put back the directory that an agent's writes hide. */
const MAX_NAMES = 4_096;

const OPENS = new Set(['open', 'openat', 'openat2', 'creat']);
const CHANGES = new Set([
  'rename',
  'renameat',
  'renameat2',
  'unlink',
  'unlinkat',
  'link',
  'linkat',
  'symlink',
  'symlinkat',
  'truncate',
]);
const WRITING = /O_(WRONLY|RDWR|TRUNC|APPEND|CREAT)\b/;
/** Classes of files that an agent process opens to do its own work. */
const OWN_READS = new Set([
  'system',
  'git',
  'agent-state',
  'agent-config',
  'cache',
  'dependencies',
  'other',
  'process:environ',
]);
/** Classes that an agent process writes to on its own account. */
const OWN_WRITES = new Set(['system', 'git', 'agent-state', 'cache']);

/** What the agent process itself did to a file on the model's behalf. */
export interface FileOperation {
  readonly path: string;
  readonly writes: boolean;
  readonly failed: boolean;
}

/** Tells the model's file operations from the agent's own housekeeping, by the files that they are about. */
export class OwnFiles {
  readonly #spec: AgentSpec;
  readonly #paths = new Map<string, string>();
  readonly #directories = new Set<string>();

  constructor(spec: AgentSpec) {
    this.#spec = spec;
  }

  /** The operation that an event of the agent process is part of, or undefined for housekeeping. */
  operation(event: FalcoEvent, workspace: string | undefined): FileOperation | undefined {
    const { call } = event;
    if (call === undefined) return undefined;
    const opening = OPENS.has(call);
    if (!opening && !CHANGES.has(call)) return undefined;
    const raw = opening ? event.fd?.name : (event.path?.target ?? event.path?.name);
    if (raw === undefined) return undefined;
    const failed = event.result !== undefined && event.result !== 'SUCCESS';
    const writes = !opening || call === 'creat' || WRITING.test(event.flags ?? '');
    const path = this.#resolve(raw);
    const name = pathClass(path, workspace);
    if (this.#spec.ownState.some((pattern) => pattern.test(path) || pattern.test(raw))) return undefined;
    if (writes ? this.#isOwnWrite(path, name, workspace) : this.#isOwnRead(path, name, event.flags, workspace))
      return undefined;
    this.#remember(path);
    return { path, writes, failed };
  }

  /** Learns directories from any event of the session: a directory that is opened looks like a file. */
  learn({ call, flags, fd, process }: FalcoEvent): void {
    if (call === 'execve' && process?.cwd) this.#addDirectory(process.cwd.replace(/\/+$/, ''));
    else if (fd?.name && flags?.includes('O_DIRECTORY')) this.#addDirectory(fd.name);
  }

  #isOwnRead(path: string, name: string, flags: string | undefined, workspace: string | undefined): boolean {
    if (OWN_READS.has(name) || flags?.includes('O_DIRECTORY') || this.isDirectory(path, workspace)) return true;
    return this.#spec.ownReads.some((pattern) => pattern.test(path));
  }

  #isOwnWrite(path: string, name: string, workspace: string | undefined): boolean {
    if (path.startsWith('?/')) return false;
    if (name === 'dependencies') return workspace === undefined || !isBelow(path, workspace);
    return OWN_WRITES.has(name);
  }

  isDirectory(path: string, workspace: string | undefined): boolean {
    return (
      path === workspace ||
      path === '/tmp' ||
      this.#directories.has(path) ||
      (workspace !== undefined && isBelow(workspace, path))
    );
  }

  /** `board.js.tmp.4770.cc095f` stands for `board.js`; below `/proc/self/fd/N` only the base name is told. */
  #resolve(raw: string): string {
    const path = raw.replace(/\.tmp\.[\w.]+$/, '');
    const hidden = /^\/proc\/self\/fd\/\d+\/(.+)$/.exec(path)?.[1];
    if (hidden === undefined) return path;
    const known = this.#paths.get(basename(hidden));
    if (known !== undefined) return known;
    return `?/${hidden}`;
  }

  #remember(path: string): void {
    if (path.startsWith('?/')) return;
    if (this.#paths.size >= MAX_NAMES) this.#paths.clear();
    this.#paths.set(basename(path), path);
    this.#addDirectory(dirname(path));
  }

  #addDirectory(path: string): void {
    if (this.#directories.size >= MAX_NAMES) this.#directories.clear();
    for (let at = path; at.length > 1 && !this.#directories.has(at); at = dirname(at)) this.#directories.add(at);
  }
}

/** What an operation is called. */
export const nameFile = (
  { path, writes }: FileOperation,
  deleted: boolean,
  workspace: string | undefined,
): { kind: ActionKind; title: string; subject: string } => {
  const kind = writes ? 'file-edit' : 'file-read';
  const guessed = path.startsWith('?/');
  const name = guessed ? 'workspace' : pathClass(path, workspace);
  const inside = workspace !== undefined && isBelow(path, workspace);
  const shown = guessed ? `…/${path.slice(2)}` : inside ? relative(workspace, path) || '.' : path;
  const verb = deleted ? 'delete' : writes ? 'edit' : 'read';
  return {
    kind,
    title: `${verb} ${shown}`,
    subject: isSecret(name) || isControl(name) ? name : fileSubject(path, name),
  };
};
