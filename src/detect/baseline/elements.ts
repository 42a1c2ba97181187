import type { AgentAction } from '../../model/action.ts';
import { marksOf } from '../../model/marks.ts';

/** Something that a session may do for the first time: a program, a destination, a mark of an effect, a kind of action. */
export interface Element {
  /** Its stable name, a key of the profile. */
  readonly name: string;
  /** How much it weighs when it is new; see `weigh`. */
  readonly weight: number;
}

/** New in a ready baseline, one element of this weight is an alert by itself. */
export const ALERT_WEIGHT = 4;

/**
 * Novelty weighs by what it touches. A new program or kind of action happens in honest work every day and adds little;
 * a new destination, a secret or a foothold is what an attack cannot do without.
 */
const WEIGHTS: readonly (readonly [pattern: RegExp, weight: number])[] = [
  [/^mark shell on socket$/, 10],
  [/^mark (reads (secret|process):|writes persistence:|writes secret:)/, 8],
  [
    /^mark (writes agent-config|deletes (secret|persistence|agent-config)|calls (ptrace|process_vm_readv|mount|setns|bpf))/,
    6,
  ],
  [/^mark connects link-local$/, 6],
  [/^destination public /, 4],
  [/^mark (writes ci-config|deletes home|executes persistence)/, 4],
  [/^destination private /, 2],
  [/^mark (executes temp|writes home|writes other|calls )/, 2],
  [/^program /, 1],
  [/^symbol /, 0.5],
  [/^mark /, 0.5],
];

const weigh = (name: string): number => WEIGHTS.find(([pattern]) => pattern.test(name))?.[1] ?? 0;

/** Longest name of an element; hostile names are cut, so that a profile stays small. */
const MAX_NAME = 200;

/** The elements of an action, each once. Housekeeping counts by its marks alone: its programs are the agent's affair. */
export const elementsOf = (action: AgentAction): readonly Element[] => {
  const own = action.kind === 'housekeeping';
  const names = new Set<string>();
  for (const mark of marksOf(action.effects)) names.add(`mark ${mark}`);
  for (const { network, modelApi, address, port } of action.effects.connections)
    if (!modelApi) names.add(`destination ${network} ${address}:${port}`);
  if (!own) {
    for (const program of action.effects.programs) names.add(`program ${program}`);
    names.add(`symbol ${action.symbol}`);
  }
  // What the agent does for itself is known under a name of its own: it excuses nothing that the model does.
  return [...names].map((name) => {
    const cut = name.slice(0, MAX_NAME);
    return { name: own ? `own ${cut}` : cut, weight: own ? weigh(cut) / 2 : weigh(cut) };
  });
};
