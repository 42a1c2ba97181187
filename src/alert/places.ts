import type { Place } from '../model/acceptance.ts';
import type { Incident } from '../model/alert.ts';
import type { Session } from '../model/session.ts';

/** Kept of one incident; what comes up beyond it cannot be accepted by its id. An agent chooses how much that is. */
const MAX_PLACES = 32;
const MAX_CHARACTERS = 16_000;

type Where = Pick<Session, 'scope' | 'agent'>;

/** What an incident accuses, place by place, the first to come up first to be kept. */
export class Places {
  readonly #places = new Map<string, { readonly where: Where; readonly names: Set<string> }>();
  #characters = 0;
  #partial = false;

  constructor(known?: Omit<Incident, 'id'>) {
    for (const place of known?.places ?? []) this.add(place, place.names);
    this.#partial ||= known?.partial ?? false;
  }

  add({ scope, agent }: Where, names: readonly string[]): void {
    if (names.length === 0) return;
    const key = keyOf({ scope, agent });
    const held = this.#places.get(key) ?? { where: { scope, agent }, names: new Set() };
    if (!this.#places.has(key) && this.#places.size >= MAX_PLACES) {
      this.#partial = true;
      return;
    }
    this.#places.set(key, held);
    for (const name of names) {
      if (held.names.has(name)) continue;
      if (this.#characters + name.length > MAX_CHARACTERS) this.#partial = true;
      else {
        this.#characters += name.length;
        held.names.add(name);
      }
    }
  }

  /** What it accuses in one place. */
  namesIn(where: Where): readonly string[] {
    return [...(this.#places.get(keyOf(where))?.names ?? [])];
  }

  /** True when everything it accuses is accepted: then nothing of it is left to tell. */
  isCovered(accepts: (place: Place) => boolean): boolean {
    if (this.#partial || this.#places.size === 0) return false;
    return [...this.#places.values()].every(({ where, names }) => accepts({ ...where, names: [...names] }));
  }

  list(): Omit<Incident, 'id'> {
    const places = [...this.#places.values()].map(({ where, names }) => ({ ...where, names: [...names].sort() }));
    return { places, ...(this.#partial && { partial: true }) };
  }
}

const keyOf = ({ scope: { repository, workflow, job }, agent }: Where): string =>
  JSON.stringify([repository, workflow, job, agent]);
