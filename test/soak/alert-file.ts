import { readFileSync } from 'node:fs';
import type { Life } from './creance.ts';
import { stateOfJson } from './state.ts';
import type { Taken } from './webhook.ts';

/** The states in the alert file, each with the life that wrote it. */
export const readAlertFile = (path: string, lives: readonly Life[]): readonly Taken[] => {
  const bytes = readFileSync(path);
  const ends = lives.flatMap(({ end }) => (end ? [end.fileBytes] : []));
  const states: Taken[] = [];
  let from = 0;
  for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
    const life = ends.filter((end) => end <= from).length;
    states.push({ ...stateOfJson(bytes.subarray(from, to).toString()), life });
    from = to + 1;
  }
  return states;
};

/** The newest state of every alert. */
export const newestOf = (states: readonly Taken[]): readonly Taken[] => [
  ...new Map(states.map((state) => [state.alert, state])).values(),
];

/** The alerts whose newest state fires, by label set. */
export const firingIn = (states: readonly Taken[]): ReadonlySet<string> =>
  new Set(newestOf(states).flatMap(({ alert, firing }) => (firing ? [alert] : [])));
