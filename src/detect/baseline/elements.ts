import type { AgentAction, Touch } from '../../model/action.ts';
import { marksOf } from '../../model/marks.ts';
import { conductOf } from './conduct.ts';
import { hiddenIn } from './hidden.ts';
import type { Trail } from './trail.ts';

/** Longest name of an element; hostile names are cut, so that a profile stays small. */
const MAX_NAME = 160;

/** Deletions of one action from which it is called a sweep. */
const SWEEP = 16;

/**
 * The elements of an action: everything that can be known or new about it, by name, each once. What a name weighs when it
 * is new follows from the name alone (see `weigh`), so that a learned session can be judged again later.
 */
export const elementsOf = (action: AgentAction, trail: Trail): readonly string[] => {
  const { kind, effects, symbol } = action;
  const own = kind === 'housekeeping';
  const marks = marksOf(effects);
  const conduct = own ? [] : conductOf(action);
  const names = new Set<string>();
  for (const mark of marks) names.add(`mark ${mark}`);
  for (const { network, modelApi, address, port } of effects.connections)
    if (!modelApi) names.add(`destination ${network} ${address}:${port}`);
  if (!own) {
    const place = placeOf(symbol, marks);
    names.add(`symbol ${symbol}`);
    for (const family of familiesIn(place)) names.add(`family ${family}`);
    for (const program of effects.programs) names.add(`program ${program}`);
    for (const hidden of hiddenIn(action, place)) names.add(`hidden ${hidden} in ${place}`);
    for (const network of reached(action)) names.add(`reach ${network} in ${place}`);
    for (const name of conduct) names.add(`conduct ${name}`);
    for (const name of trail.add(action, conduct)) names.add(name.startsWith('order ') ? name : `conduct ${name}`);
    if (kind !== 'vcs' && kind !== 'install' && effects.writes.some(isStray))
      names.add(`stray ${kind === 'file-edit' ? 'edit' : 'write'}`);
    if (kind !== 'vcs') for (const swept of sweeps(effects.deletes)) names.add(`sweep ${swept}`);
  }
  // What the agent does for itself is known under a name of its own: it excuses nothing that the model does.
  return [...names].map((name) => (own ? `own ${name}` : name).slice(0, MAX_NAME));
};

/** Kind and command families of a symbol, without the marks behind them. */
const placeOf = (symbol: string, marks: readonly string[]): string => {
  let place = symbol;
  for (const mark of marks.toReversed()) if (place.endsWith(` ${mark}`)) place = place.slice(0, -mark.length - 1);
  return place;
};

/** The command families of a place. */
export const familiesIn = (place: string): readonly string[] => place.slice(place.indexOf(':') + 1).split('+');

const reached = ({ effects }: AgentAction): readonly string[] => [
  ...new Set(effects.connections.filter(({ modelApi }) => !modelApi).map(({ network }) => network)),
];

/** A file outside the workspace that is no tool's dot file. */
const isStray = ({ class: name, path, guessed }: Touch): boolean =>
  !guessed && (name === 'other' || name === 'home') && !/\/\.[^/]+/.test(path);

const sweeps = (deletes: readonly Touch[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const { class: name } of deletes) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .filter(([name, count]) => count >= SWEEP && name !== 'temp' && name !== 'cache')
    .map(([name]) => name);
};
