import type { AgentAction } from '../model/action.ts';
import type { AgentSpec } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import type { Session } from '../model/session.ts';
import { ms, type Nanos } from '../model/time.ts';
import type { TracedEvent } from '../model/traced.ts';
import type { OpenBranch } from './branch.ts';
import { Branches } from './branches.ts';
import type { ActionConfig } from './config.ts';
import { earliest, NEVER } from './due.ts';
import type { EffectsContext } from './effects.ts';
import type { OnLimit } from './limits.ts';
import type { ActionName, OpenAction } from './open-action.ts';
import { type OwnEntry, OwnWork } from './own-work.ts';
import { Repeats } from './repeats.ts';
import { symbolOf } from './symbol.ts';

const NONE: readonly AgentAction[] = [];

/** An open action: when it falls due, and its turn when all are closed at once. */
interface Due {
  readonly at: Nanos;
  readonly turn: Nanos;
  readonly close: () => AgentAction | undefined;
}

/** The actions of one session: those that are open, and the count of those that are closed. */
export class SessionActions {
  readonly #config: ActionConfig;
  readonly #spec: AgentSpec;
  readonly #onLimit: OnLimit;
  readonly #branches: Branches;
  readonly #own: OwnWork;
  readonly #repeats: Repeats;
  #session: Session | undefined;
  #uid: number | undefined;
  #index = 0;
  /** Nothing falls due before this moment. */
  #wake: Nanos = NEVER;

  constructor(spec: AgentSpec, config: ActionConfig, onLimit: OnLimit) {
    this.#config = config;
    this.#spec = spec;
    this.#onLimit = onLimit;
    this.#branches = new Branches(spec, config);
    this.#own = new OwnWork(spec, config);
    this.#repeats = new Repeats(ms(config.repeatMs));
  }

  add(traced: TracedEvent): readonly AgentAction[] {
    const { event, session, branch } = traced;
    this.#session = session;
    this.#uid ??= branch ? undefined : event.process?.uid;
    const closed = this.quiet(event.time);
    this.#own.learn(event);
    const forced = branch ? this.#addToBranch(traced) : this.#addOwn(event);
    return forced === undefined ? closed : [...closed, forced];
  }

  /** Closes what has been quiet for its time at `now`, in order of when it fell due. */
  quiet(now: Nanos): readonly AgentAction[] {
    if (now < this.#wake) return NONE;
    const due = this.#open().filter(({ at }) => at <= now);
    const closed = this.#closeAll([...due, ...this.#previews().filter(({ at }) => at <= now)]);
    this.#wake = earliest([...this.#open(), ...this.#previews()].map(({ at }) => at));
    return closed;
  }

  /** The session is over: closes everything in order of start; the housekeeping last, since more may turn out to be that. */
  end(): readonly AgentAction[] {
    const closed = this.#closeAll(this.#open().map(({ turn, close }) => ({ at: turn, turn, close })));
    return [...closed, ...this.#closeAll(this.#open())];
  }

  #addToBranch({ event, branch, processExit }: TracedEvent): AgentAction | undefined {
    if (!branch) return undefined;
    let open = this.#branches.get(branch.id);
    let forced: AgentAction | undefined;
    if (!open) {
      const crowdedOut = this.#branches.crowdedOut;
      if (crowdedOut) {
        this.#onLimit('open-children');
        forced = this.#closeBranch(...crowdedOut);
      }
      open = this.#branches.open(branch, event.time);
      // That there is another call lets those end whose exit was lost.
      this.#wakeAt(event.time);
    }
    open.add(event, branch.top, branch.ownSession, processExit, this.#context(false));
    if (event.call === 'execve' && open.role === 'call') this.#own.endpoints.settle();
    this.#wakeAt(this.#branches.dueOf(open));
    this.#wakeAt(this.#previewAt(open));
    return forced;
  }

  #addOwn(event: FalcoEvent): AgentAction | undefined {
    const starting = !this.#own.endpoints.known && !this.#session?.lateStart;
    const crowdedOut = this.#own.crowdedOut;
    const entry = crowdedOut === undefined ? undefined : this.#own.entry(crowdedOut);
    if (entry) this.#onLimit('open-files');
    const forced = entry && this.#closeOwn(entry);
    this.#own.add(event, this.#context(true), starting);
    this.#wakeAt(event.time + ms(this.#config.fileQuietMs));
    return forced;
  }

  #context(own: boolean): EffectsContext {
    return {
      workspace: this.#session?.workspace,
      own,
      uid: this.#uid,
      isModelApi: own ? this.#own.endpoints.isOwn : isNobodys,
      ownState: this.#spec.ownState,
    };
  }

  #wakeAt(time: Nanos): void {
    this.#wake = earliest([time, this.#wake]);
  }

  #open(): readonly Due[] {
    const open: Due[] = [];
    for (const entry of this.#own.entries()) {
      const turn = entry.type === 'housekeeping' ? NEVER : entry.action.start;
      open.push({ at: entry.due, turn, close: () => this.#closeOwn(entry) });
    }
    for (const [id, branch] of this.#branches.entries()) {
      const at = this.#branches.dueOf(branch);
      open.push({ at, turn: branch.action.start, close: () => this.#closeBranch(id, branch) });
    }
    return open;
  }

  /** Calls that go on although they have done something telling. */
  #previews(): readonly Due[] {
    const previews: Due[] = [];
    for (const [, branch] of this.#branches.entries()) {
      const at = this.#previewAt(branch);
      if (at < NEVER) previews.push({ at, turn: at, close: () => this.#preview(branch) });
    }
    return previews;
  }

  #previewAt({ action: { tellingSince } }: OpenBranch): Nanos {
    return tellingSince === undefined ? NEVER : tellingSince + ms(this.#config.previewMs);
  }

  #preview(branch: OpenBranch): AgentAction | undefined {
    const { action } = branch;
    // It was closed in the same breath.
    if (action.tellingSince === undefined || !this.#branches.isOpen(branch)) return undefined;
    action.index ??= this.#index++;
    return action.preview(this.#session as Session, action.index, branch.name());
  }

  #closeAll(due: readonly Due[]): readonly AgentAction[] {
    const inOrder = due.length > 1 ? due.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) : due;
    return inOrder.map(({ close }) => close()).filter((action) => action !== undefined);
  }

  #closeBranch(id: number, branch: OpenBranch): AgentAction {
    const name = this.#repeats.rename(branch.name(), branch);
    const closed = this.#close(branch.action, name);
    branch.startedBy ??= closed.index;
    this.#branches.close(id, branch);
    return closed;
  }

  #closeOwn(entry: OwnEntry): AgentAction | undefined {
    this.#own.remove(entry);
    const { action } = entry;
    if (entry.type === 'stroke') return this.#close(action, entry.name());
    if (entry.type === 'housekeeping') {
      const symbol = symbolOf('housekeeping', ['own'], action.effects.build());
      return this.#close(action, { kind: 'housekeeping', title: `${this.#spec.name}’s own work`, symbol });
    }
    const { file } = entry;
    const workspace = this.#session?.workspace;
    if (file.idle || this.#own.isDirectory(file.path, workspace)) return this.#absorbed(action);
    const call = file.writes ? undefined : this.#branches.concerned(file.path, action.start, action.end);
    if (!call) return this.#close(action, file.name(workspace));
    call.action.absorb(action);
    return undefined;
  }

  /** What the agent did for itself joins its housekeeping. */
  #absorbed(action: OpenAction): undefined {
    this.#own.absorb(action);
    this.#wakeAt(action.end + ms(this.#config.housekeepingQuietMs));
  }

  #close(action: OpenAction, name: ActionName): AgentAction {
    if (action.overflowed) this.#onLimit('events');
    action.index ??= this.#index++;
    return action.close(this.#session as Session, action.index, name);
  }
}

/** What a child of the agent speaks to is never the model's API. */
const isNobodys = (): boolean => false;
