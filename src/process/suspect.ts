import type { AgentSpec } from '../model/catalogue.ts';
import type { EventProcess, FalcoEvent } from '../model/event.ts';
import { isLauncher } from './launcher.ts';
import { type Proc, placeOf } from './lineage.ts';
import type { Recognised } from './recogniser.ts';
import type { TracerState } from './state.ts';
import { ENOUGH, isToolShell, looksLike, markersIn, ownersOf, type WeakEvidence, weigh } from './suspicion.ts';

/** A process for which the weak evidence has become enough. */
export interface Suspect extends Recognised {
  readonly proc: Proc;
}

/** Notes what a process that has just appeared or executed something tells about itself and its parent. */
export const suspectByImage = (state: TracerState, proc: Proc, process: EventProcess): Suspect | undefined => {
  let found: Suspect | undefined;
  if (!placeOf(proc)) {
    for (const spec of looksLike(state.catalogue, process))
      found ??= note(proc, spec, 'command line: arguments of this agent');
  }
  for (const spec of state.catalogue) {
    const markers = markersIn(spec, process.env);
    if (markers.length === 0) continue;
    proc.markers = new Set([...(proc.markers ?? []), ...markers]);
    if (placeOf(proc)?.session.spec !== spec) found ??= suspectParent(state, spec, proc, process);
  }
  return found;
};

/** Notes that a process without a place opened a file of an agent's own directory. */
export const suspectByOpen = (state: TracerState, proc: Proc, event: FalcoEvent): Suspect | undefined => {
  const path = event.fd?.name;
  if (path === undefined || event.call?.startsWith('open') !== true || isLauncher(event.process?.exepath))
    return undefined;
  let found: Suspect | undefined;
  for (const spec of ownersOf(state.catalogue, path)) found ??= note(proc, spec, 'config directory: opened');
  return found;
};

/** Agents put their marker into their children's environment and have none themselves: the first without it is the agent. */
const suspectParent = (
  state: TracerState,
  spec: AgentSpec,
  { node, lastSeen }: Proc,
  process: EventProcess,
): Suspect | undefined => {
  const [above, next] = process.ancestors;
  if (!above || above.pid <= 1) return undefined;
  const parent = state.table.imply(node, above.pid, next?.pid, lastSeen);
  const place = placeOf(parent);
  const inherited = spec.markers.some((name) => parent.markers?.has(name));
  const wrapper = isLauncher(parent.exepath ?? above.exepath ?? above.name);
  if (inherited || wrapper || place?.role === 'agent' || place?.session.spec === spec) return undefined;
  const found = note(
    parent,
    spec,
    parent.seen
      ? 'environment: a child carries the marker, this process does not'
      : 'environment: a child carries the marker, this process was not seen',
  );
  return isToolShell(spec, process) ? (note(parent, spec, 'ancestry: parent of a tool shell') ?? found) : found;
};

const note = (proc: Proc, spec: AgentSpec, evidence: WeakEvidence): Suspect | undefined => {
  if (proc.exitedAt !== undefined) return undefined;
  proc.suspicions ??= new Map();
  const pieces = proc.suspicions.get(spec) ?? new Set();
  pieces.add(evidence);
  proc.suspicions.set(spec, pieces);
  const recognition = weigh(pieces);
  return recognition.confidence >= ENOUGH ? { proc, spec, recognition } : undefined;
};
