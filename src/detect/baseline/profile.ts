import { z } from 'zod';
import type { Scope, Session } from '../../model/session.ts';

/** The version of the encoding; older ones are migrated, newer ones refused. */
export const PROFILE_VERSION = 2;

const index = z.int().nonnegative();

/**
 * What one session adds to a baseline: its actions, each as the elements it had, and the order they came in. Everything
 * that a baseline counts follows from it, so profiles add up in any order, can be taken out again, and can be judged
 * again later against the others.
 */
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
  /** Set when a person has looked at the session: only then its sensitive elements count as known. */
  vouched: z.literal(true).exactOptional(),
  /** Why it waits for a person, where it does. */
  doubts: z.array(z.string()).exactOptional(),
  /** Every element of the session, sorted. */
  names: z.array(z.string()),
  /** Distinct actions: indexes into `names`. */
  shapes: z.array(z.array(index)),
  /** The agent's actions in order: indexes into `shapes`. Housekeeping has no place in it. */
  path: z.array(index),
});
export type SessionProfile = z.infer<typeof sessionProfile>;

/** Most distinct names, distinct actions, and actions in order, that one session may add. */
const MAX_NAMES = 1_000;
const MAX_SHAPES = 500;
const MAX_PATH = 1_000;

/** Gathers a session's actions as they come. */
export class ProfileBuilder {
  readonly #names = new Map<string, number>();
  readonly #shapes = new Map<string, { readonly at: number; readonly names: readonly number[] }>();
  readonly #path: number[] = [];

  /** `own` for what the agent does for itself. */
  add(elements: readonly string[], own: boolean): void {
    if (elements.length === 0) return;
    const names = elements.map((name) => this.#indexOf(name)).filter((at) => at !== undefined);
    const key = names.toSorted((a, b) => a - b).join(' ');
    let shape = this.#shapes.get(key);
    if (!shape) {
      if (this.#shapes.size >= MAX_SHAPES) return;
      shape = { at: this.#shapes.size, names };
      this.#shapes.set(key, shape);
    }
    if (!own && this.#path.length < MAX_PATH) this.#path.push(shape.at);
  }

  build(session: Session, ended: bigint): SessionProfile {
    const sorted = [...this.#names.keys()].sort();
    const place = new Map(sorted.map((name, at) => [this.#names.get(name), at]));
    return {
      version: PROFILE_VERSION,
      session: session.id,
      agent: session.agent,
      scope: session.scope,
      ended: String(ended),
      names: sorted,
      shapes: [...this.#shapes.values()].map(({ names }) =>
        names.map((at) => place.get(at) as number).sort((a, b) => a - b),
      ),
      path: [...this.#path],
    };
  }

  #indexOf(name: string): number | undefined {
    const known = this.#names.get(name);
    if (known !== undefined || this.#names.size >= MAX_NAMES) return known;
    this.#names.set(name, this.#names.size);
    return this.#names.size - 1;
  }
}

/** The profile without some of its elements; its actions stay, in their order. */
export const without = (profile: SessionProfile, isDropped: (name: string) => boolean): SessionProfile => {
  const names = profile.names.filter((name) => !isDropped(name));
  if (names.length === profile.names.length) return profile;
  const place = new Map(names.map((name, at) => [name, at]));
  const shapes = profile.shapes.map((shape) =>
    shape.map((at) => place.get(profile.names[at] ?? '')).filter((at) => at !== undefined),
  );
  return { ...profile, names, shapes };
};

/** The names of one of a profile's actions. */
export const shapeNames = ({ names, shapes }: SessionProfile, shape: number): readonly string[] =>
  (shapes[shape] ?? []).map((at) => names[at]).filter((name) => name !== undefined);

const SYMBOL = 'symbol ';

/** The symbol among an action's elements. */
export const symbolIn = (names: readonly string[]): string | undefined =>
  names.find((name) => name.startsWith(SYMBOL))?.slice(SYMBOL.length);

/** The symbols of a profile's actions, in order. */
export const symbolsOf = (profile: SessionProfile): readonly string[] =>
  profile.path.map((shape) => symbolIn(shapeNames(profile, shape))).filter((symbol) => symbol !== undefined);

/** The scope and agent whose sessions are held together, as one unambiguous line. */
export const scopeKey = ({ repository, workflow, job }: Scope, agent: string): string =>
  JSON.stringify([repository ?? '', workflow ?? '', job ?? '', agent]);
