import type { AgentSpec } from '../model/catalogue.ts';
import { ms, type Nanos } from '../model/time.ts';
import type { Branch } from '../model/traced.ts';
import { OpenBranch } from './branch.ts';
import type { ActionConfig } from './config.ts';
import { earliest, NEVER } from './due.ts';

/** The direct children of one agent: those whose action is open, and the latest few whose action is closed. */
export class Branches {
  readonly #spec: AgentSpec;
  readonly #config: ActionConfig;
  readonly #open = new Map<number, OpenBranch>();
  /** What their children still do is theirs. */
  readonly #over = new Map<number, OpenBranch>();

  constructor(spec: AgentSpec, config: ActionConfig) {
    this.#spec = spec;
    this.#config = config;
  }

  get size(): number {
    return this.#open.size;
  }

  /** The oldest, when there is no room for one more. */
  get crowdedOut(): readonly [number, OpenBranch] | undefined {
    if (this.#open.size < this.#config.maxOpen) return undefined;
    const [oldest] = this.#open;
    return oldest;
  }

  entries(): IterableIterator<[number, OpenBranch]> {
    return this.#open.entries();
  }

  get(id: number): OpenBranch | undefined {
    return this.#open.get(id);
  }

  isOpen(branch: OpenBranch): boolean {
    for (const open of this.#open.values()) if (open === branch) return true;
    return false;
  }

  /** Opens a branch, or takes up one whose action was closed. */
  open({ id }: Branch, time: Nanos): OpenBranch {
    const over = this.#over.get(id);
    over?.continue(time);
    const branch = over ?? new OpenBranch(this.#spec, time, this.#config.maxEvents);
    this.#open.set(id, branch);
    return branch;
  }

  close(id: number, branch: OpenBranch): void {
    this.#open.delete(id);
    this.#over.delete(id);
    this.#over.set(id, branch);
    const [first] = this.#over.keys();
    if (first !== undefined && this.#over.size > this.#config.maxOpen) this.#over.delete(first);
  }

  /** When a branch's action ends if nothing more comes. */
  dueOf(branch: OpenBranch): Nanos {
    const { action, exitedAt, startedBy } = branch;
    if (exitedAt !== undefined) return action.end + ms(this.#config.branchGraceMs);
    if (branch.role === 'server') return action.end + ms(this.#config.serverQuietMs);
    if (startedBy !== undefined) {
      // What never falls silent is told in slices.
      return earliest([action.end + ms(this.#config.branchQuietMs), action.start + ms(this.#config.backgroundSliceMs)]);
    }
    // Without an exit only another call tells that this one is over.
    return this.#open.size > 1 ? action.end + ms(this.#config.branchQuietMs) : NEVER;
  }

  /** The call that a look of the agent at a file goes with: made right before or after it, of a file that it names or wrote. */
  concerned(path: string, start: Nanos, end: Nanos): OpenBranch | undefined {
    const near = ms(this.#config.probeMs);
    for (const branch of this.#open.values()) {
      if (branch.startedBy !== undefined || branch.role !== 'call') continue;
      const { exitedAt, begun } = branch;
      const before = start <= begun && begun - end <= near;
      const after = exitedAt !== undefined && start >= exitedAt && start - exitedAt <= near;
      if ((before || after) && isNamed(path, branch)) return branch;
    }
    return undefined;
  }
}

const SEPARATORS = /[\s'"`=;|&<>(){}]+/;

const isNamed = (path: string, { command, action }: OpenBranch): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const words = (command ?? '').split(SEPARATORS);
  return (
    words.some((word) => word === name || word.endsWith(`/${name}`) || word === `${name}/`) ||
    action.effects.wrote(path)
  );
};
