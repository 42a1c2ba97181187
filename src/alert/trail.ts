import type { AgentAction } from '../model/action.ts';
import { toIso } from '../model/time.ts';
import { printable } from '../platform/printable.ts';

/** An action as one line of a timeline. */
export interface Step {
  readonly index: number;
  readonly line: string;
  /** True for an action that a finding accuses. */
  readonly flagged?: boolean;
  /** True for what the agent does for itself: nobody needs to read that, unless it is accused. */
  readonly housekeeping?: boolean;
}

const MAX_SESSIONS = 1_000;
const MAX_STEPS = 32;
const MAX_LATEST = 5;
const MAX_LINE_BYTES = 110;

/** What each live session did lately, so that an alert can tell the earlier steps of a path and not only its last. */
export class Trail {
  readonly #sessions = new Map<string, Step[]>();

  /** Past its bound the session that acted least lately is forgotten, and loses no more than lines of a description. */
  add(action: AgentAction): void {
    const { id } = action.session;
    const steps = this.#sessions.get(id) ?? [];
    this.#sessions.delete(id);
    this.#sessions.set(id, [...steps.slice(1 - MAX_STEPS), stepOf(action)]);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
  }

  /** The steps with these indexes, flagged, and what was done last, as far as they are still remembered; in order. */
  of(session: string, indexes: readonly number[]): readonly Step[] {
    const steps = this.#sessions.get(session) ?? [];
    const latest = steps.filter(({ housekeeping }) => !housekeeping).slice(-MAX_LATEST);
    return steps.flatMap((step) => {
      if (indexes.includes(step.index)) return [{ ...step, flagged: true }];
      return latest.includes(step) ? [step] : [];
    });
  }

  forget(session: string): void {
    this.#sessions.delete(session);
  }
}

const stepOf = (action: AgentAction): Step => ({
  index: action.index,
  line: lineOf(action),
  ...(action.kind === 'housekeeping' && { housekeeping: true }),
});

const lineOf = ({ start, kind, title }: AgentAction): string =>
  printable(`${toIso(start).slice(11, 19)}Z ${kind}: ${title}`, MAX_LINE_BYTES);
