import type { AgentAction } from '../model/action.ts';
import type { AgentSpec } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import type { Session } from '../model/session.ts';
import { ms, type Nanos } from '../model/time.ts';
import type { TracedEvent } from '../model/traced.ts';
import { OpenBranch } from './branch.ts';
import type { ActionConfig } from './config.ts';
import type { EffectsContext } from './effects.ts';
import { OpenAction } from './open-action.ts';
import { type FileOperation, nameFile, OwnFiles } from './own.ts';
import { symbolOf } from './symbol.ts';

interface OpenFile {
  readonly action: OpenAction;
  operation: FileOperation;
  deleted: boolean;
  /** False while every open of it has failed: the agent looked whether it is there. */
  found: boolean;
}

/** Later than any event. */
const NEVER: Nanos = 1n << 63n;

/** Endpoints of an agent process that are remembered as its model's API. */
const MAX_ENDPOINTS = 64;

/** The actions of one session: those that are open, and the count of those that are closed. */
export class SessionActions {
  readonly #config: ActionConfig;
  readonly #spec: AgentSpec;
  readonly #own: OwnFiles;
  readonly #branches = new Map<number, OpenBranch>();
  /** Calls that are over, the latest few: what their children still do is theirs, in the background. */
  readonly #over = new Map<number, OpenBranch>();
  readonly #files = new Map<string, OpenFile>();
  readonly #modelApi = new Set<string>();
  #housekeeping: OpenAction | undefined;
  #session: Session | undefined;
  #index = 0;

  constructor(spec: AgentSpec, config: ActionConfig) {
    this.#config = config;
    this.#spec = spec;
    this.#own = new OwnFiles(spec);
  }

  add({ event, branch, session, processExit }: TracedEvent): readonly AgentAction[] {
    this.#session = session;
    const context: EffectsContext = {
      workspace: session.workspace,
      modelApi: this.#modelApi,
      ownState: this.#spec.ownState,
    };
    const closed = [...this.quiet(event.time)];
    this.#own.learn(event);
    if (!branch) {
      this.#addOwn(event, context);
      return closed;
    }
    let open = this.#branches.get(branch.id);
    if (!open) {
      closed.push(...this.#makeRoom());
      open = this.#reopen(branch.id, event.time) ?? new OpenBranch(this.#spec, event.time, this.#config.maxEvents);
      this.#branches.set(branch.id, open);
    }
    open.add(event, branch.top, branch.ownSession, processExit, context);
    return closed;
  }

  /** Closes what has been quiet for its time at `now`, in order of when it fell due. */
  quiet(now: Nanos): readonly AgentAction[] {
    const due: { at: Nanos; close: () => AgentAction }[] = [];
    for (const [path, file] of this.#files) {
      const at = file.action.end + ms(this.#config.fileQuietMs);
      if (at <= now) due.push({ at, close: () => this.#closeFile(path, file) });
    }
    for (const [id, branch] of this.#branches) {
      const at = this.#dueOf(branch);
      if (at <= now) due.push({ at, close: () => this.#closeBranch(id, branch) });
    }
    const own = this.#housekeeping;
    if (own && own.end + ms(this.#config.housekeepingQuietMs) <= now)
      due.push({ at: own.end + ms(this.#config.housekeepingQuietMs), close: () => this.#closeHousekeeping(own) });
    if (due.length > 1) due.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    return due.map(({ close }) => close());
  }

  /** The session is over: closes everything, in order of start. */
  end(): readonly AgentAction[] {
    const open: { start: Nanos; close: () => AgentAction }[] = [];
    for (const [path, file] of this.#files)
      open.push({ start: file.action.start, close: () => this.#closeFile(path, file) });
    for (const [id, branch] of this.#branches)
      open.push({ start: branch.action.start, close: () => this.#closeBranch(id, branch) });
    const own = this.#housekeeping;
    if (own) open.push({ start: own.start, close: () => this.#closeHousekeeping(own) });
    return open.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0)).map(({ close }) => close());
  }

  #addOwn(event: FalcoEvent, context: EffectsContext): void {
    // What is read and written before the agent first speaks to its model is its own start-up.
    const starting = this.#modelApi.size === 0 && !this.#session?.lateStart;
    if (event.call === 'connect' && event.fd?.serverIp && this.#modelApi.size < MAX_ENDPOINTS)
      this.#modelApi.add(`${event.fd.serverIp}:${event.fd.serverPort}`);
    const operation = this.#own.operation(event, context.workspace);
    if (!operation || starting) {
      this.#housekeeping ??= new OpenAction(event.time, this.#config.maxEvents);
      this.#housekeeping.add(event, context);
      return;
    }
    const key = operation.path;
    let file = this.#files.get(key);
    if (!file) {
      file = { action: new OpenAction(event.time, this.#config.maxEvents), operation, deleted: false, found: false };
      this.#files.set(key, file);
    }
    if (operation.writes) file.operation = operation;
    if (!operation.failed) file.found = true;
    file.deleted = event.call === 'unlink' || event.call === 'unlinkat';
    file.action.add(event, context, operation.path);
  }

  #dueOf({ action, exitedAt, background }: OpenBranch): Nanos {
    if (exitedAt !== undefined) return action.end + ms(this.#config.branchGraceMs);
    // Without an exit only another call tells that this one is over.
    const another = background || this.#branches.size > 1;
    return another ? action.end + ms(this.#config.branchQuietMs) : NEVER;
  }

  #closeBranch(id: number, branch: OpenBranch): AgentAction {
    const closed = this.#close(branch.action, branch.name());
    this.#branches.delete(id);
    this.#over.set(id, branch);
    const [first] = this.#over.keys();
    if (first !== undefined && this.#over.size > this.#config.maxOpen) this.#over.delete(first);
    return closed;
  }

  #reopen(id: number, time: Nanos): OpenBranch | undefined {
    const branch = this.#over.get(id);
    branch?.continueInBackground(time);
    return branch;
  }

  #closeFile(path: string, { action, operation, deleted, found }: OpenFile): AgentAction {
    this.#files.delete(path);
    const workspace = this.#session?.workspace;
    if (!found || this.#own.isDirectory(path, workspace))
      return this.#close(action, { kind: 'housekeeping', title: `look at ${path}`, symbol: 'housekeeping:' });
    const { kind, title, subject } = nameFile(operation, deleted, workspace);
    return this.#close(action, { kind, title, symbol: symbolOf(kind, [subject], action.effects.build()) });
  }

  #closeHousekeeping(action: OpenAction): AgentAction {
    this.#housekeeping = undefined;
    const symbol = symbolOf('housekeeping', ['own'], action.effects.build());
    return this.#close(action, { kind: 'housekeeping', title: `${this.#spec.name}’s own work`, symbol });
  }

  #close(action: OpenAction, name: Parameters<OpenAction['close']>[2]): AgentAction {
    return action.close(this.#session as Session, this.#index++, name);
  }

  /** Over the limit of open calls: the oldest is closed. */
  #makeRoom(): readonly AgentAction[] {
    const [oldest] = this.#branches;
    return this.#branches.size < this.#config.maxOpen || !oldest ? [] : [this.#closeBranch(...oldest)];
  }
}
