import type { Nanos } from '../model/time.ts';
import type { OpenBranch } from './branch.ts';
import type { ActionName } from './open-action.ts';

/** Kinds of helpers that agents start without a shell, and start again when the first answer is not enough. */
const REPEATED = new Set(['search']);

/** Tells a helper that an agent starts again with the same task within one call: the second time is its own affair. */
export class Repeats {
  readonly #within: Nanos;
  #last: { readonly title: string; readonly end: Nanos } | undefined;

  constructor(within: Nanos) {
    this.#within = within;
  }

  rename(name: ActionName, { action, command }: OpenBranch): ActionName {
    const direct = command !== undefined && name.title !== command;
    if (!direct || !REPEATED.has(name.kind)) return name;
    const last = this.#last;
    this.#last = { title: name.title, end: action.end };
    const again = last?.title === name.title && action.start >= last.end && action.start - last.end <= this.#within;
    return again ? { ...name, kind: 'housekeeping', title: `${name.title}, again` } : name;
  }
}
