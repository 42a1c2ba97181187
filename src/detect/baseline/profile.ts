import { z } from 'zod';
import type { AgentAction } from '../../model/action.ts';
import type { Scope, Session } from '../../model/session.ts';
import { elementsOf } from './elements.ts';

/** The version of the encoding; a reader refuses what is newer. */
export const PROFILE_VERSION = 1;

const counts = z.record(z.string(), z.int().positive());

/** What one session adds to a baseline. Counts alone, so that profiles add up in any order. */
export const sessionProfile = z.strictObject({
  version: z.literal(PROFILE_VERSION),
  session: z.string().regex(/^[a-z0-9-]{1,128}$/),
  agent: z.string(),
  scope: z.strictObject({
    repository: z.string().exactOptional(),
    workflow: z.string().exactOptional(),
    job: z.string().exactOptional(),
  }),
  /** End of the session, epoch nanoseconds as text. */
  ended: z.string().regex(/^\d{1,20}$/),
  actions: z.int().nonnegative(),
  /** Elements of the session's actions, with how many actions had them. */
  elements: counts,
  /** Which symbol followed which, `previous → next`, with how often. */
  transitions: counts,
});
export type SessionProfile = z.infer<typeof sessionProfile>;

/** Between the symbols of a transition, and at the beginning of a session. */
export const ARROW = ' → ';
export const BEGIN = '^';

/** Most distinct names that one session may add. */
const MAX_NAMES = 2_000;

/** Counts a session's actions as they come. */
export class ProfileBuilder {
  readonly #elements = new Map<string, number>();
  readonly #transitions = new Map<string, number>();
  #actions = 0;
  #previous = BEGIN;

  get previous(): string {
    return this.#previous;
  }

  add(action: AgentAction): void {
    for (const { name } of elementsOf(action)) increase(this.#elements, name);
    if (action.kind === 'housekeeping') return;
    this.#actions++;
    increase(this.#transitions, `${this.#previous}${ARROW}${action.symbol}`);
    this.#previous = action.symbol;
  }

  build(session: Session, ended: bigint): SessionProfile {
    return {
      version: PROFILE_VERSION,
      session: session.id,
      agent: session.agent,
      scope: session.scope,
      ended: String(ended),
      actions: this.#actions,
      elements: Object.fromEntries([...this.#elements].sort(byName)),
      transitions: Object.fromEntries([...this.#transitions].sort(byName)),
    };
  }
}

const increase = (into: Map<string, number>, name: string): void => {
  if (into.size < MAX_NAMES || into.has(name)) into.set(name, (into.get(name) ?? 0) + 1);
};

const byName = ([a]: [string, number], [b]: [string, number]): number => (a < b ? -1 : a > b ? 1 : 0);

/** The scope and agent whose sessions are held together, as one unambiguous line. */
export const scopeKey = ({ repository, workflow, job }: Scope, agent: string): string =>
  JSON.stringify([repository ?? '', workflow ?? '', job ?? '', agent]);
