import type { Place } from '../model/acceptance.ts';
import type { Session } from '../model/session.ts';

/** Kept of one incident; what comes up beyond it cannot be accepted by its id. */
const MAX_PLACES = 32;
const MAX_NAMES = 200;

/** What an incident accuses, place by place. */
export class Places {
  readonly #places = new Map<string, { readonly place: Omit<Place, 'names'>; readonly names: Set<string> }>();
  #complete = true;

  constructor(known: readonly Place[] = []) {
    for (const { names, ...place } of known) this.add(place, names);
  }

  add({ scope, agent }: Pick<Session, 'scope' | 'agent'>, names: readonly string[]): void {
    if (names.length === 0) return;
    const key = JSON.stringify([scope.repository, scope.workflow, scope.job, agent]);
    const held = this.#places.get(key) ?? { place: { scope, agent }, names: new Set() };
    if (!this.#places.has(key) && this.#places.size >= MAX_PLACES) this.#complete = false;
    else this.#places.set(key, held);
    for (const name of names)
      if (held.names.size < MAX_NAMES) held.names.add(name);
      else this.#complete &&= held.names.has(name);
  }

  /** True when everything it accuses is accepted: then nothing of it is left to tell. */
  isCovered(accepts: (place: Place) => boolean): boolean {
    const places = [...this.#places.values()];
    return (
      this.#complete &&
      places.length > 0 &&
      places.every(({ place, names }) => accepts({ ...place, names: [...names] }))
    );
  }

  list(): readonly Place[] {
    return [...this.#places.values()].map(({ place, names }) => ({ ...place, names: [...names].sort() }));
  }
}
