import { fingerprint, type Labels } from './labels.ts';

/** Labels that tell one place from another. */
const PLACE = ['repository', 'workflow', 'job', 'namespace'];

/** The same finding wherever it is: the labels of the alert that stands for many places at once. */
export const familyOf = (labels: Labels): Labels => ({
  ...Object.fromEntries(Object.entries(labels).filter(([name]) => !PLACE.includes(name))),
  spread: 'many',
});

/**
 * Counts the alerts that differ in nothing but their place. A new release of an agent does the same new thing everywhere
 * on one morning: after the first places, all further ones share one alert, until that has resolved.
 */
export class Families {
  readonly #spreadAfter: number;
  readonly #members = new Map<string, number>();

  constructor(spreadAfter: number) {
    this.#spreadAfter = spreadAfter;
  }

  /** The labels that a new alert shall have: its own, or those of its family where that is at work in many places. */
  labelsFor(labels: Labels, isOpen: (key: string) => boolean): Labels {
    const family = familyOf(labels);
    const key = fingerprint(family);
    const spread = isOpen(key) || (this.#members.get(key) ?? 0) >= this.#spreadAfter;
    return spread && !isOpen(fingerprint(labels)) ? family : labels;
  }

  opened(labels: Labels): void {
    this.#add(labels, 1);
  }

  closed(labels: Labels): void {
    this.#add(labels, -1);
  }

  #add(labels: Labels, by: number): void {
    if (labels.spread !== undefined) return;
    const key = fingerprint(familyOf(labels));
    const count = (this.#members.get(key) ?? 0) + by;
    if (count > 0) this.#members.set(key, count);
    else this.#members.delete(key);
  }
}
