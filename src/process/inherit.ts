import type { EventProcess, FalcoEvent } from '../model/event.ts';
import type { Traced } from '../model/traced.ts';
import { begin } from './beginning.ts';
import { type Member, type Proc, placeOf } from './lineage.ts';
import { recognise } from './recogniser.ts';
import { childOf, join, type TracerState } from './state.ts';

/**
 * Gives a process the place that follows from its ancestors, as the event names them: from the farthest to the parent,
 * each known agent, each agent whose start we missed, and those in between take their places first.
 */
export const inherit = (
  state: TracerState,
  proc: Proc,
  { ancestors }: EventProcess,
  event: FalcoEvent,
  outputs: Traced[],
): void => {
  const { hostname: node, time } = event;
  let above: Member | undefined;
  for (let index = ancestors.length - 1; index >= 0; index--) {
    const ancestor = ancestors[index];
    if (!ancestor) continue;
    const found = state.table.find(node, ancestor.pid);
    const place = placeOf(found);
    if (place) {
      above = place;
      continue;
    }
    // Those of a session that is over are left alone, and so are those that were looked up in vain before.
    if (found?.exitedAt !== undefined) continue;
    const known = found?.vain ? undefined : recognise(state.catalogue, ancestor);
    const alike = above?.role === 'agent' && above.session.spec === known?.spec;
    if (known && !alike) {
      const root = found ?? state.table.imply(node, ancestor.pid, ancestors[index + 1]?.pid, time);
      if (above) join(root, childOf(above, root.pid));
      const facts = { facts: ancestor, above: ancestors.slice(index + 1), beginning: 'unseen' as const };
      begin(state, known, { proc: root, ...facts }, event, outputs);
      above = placeOf(root);
    } else if (above) {
      const between = found ?? state.table.imply(node, ancestor.pid, ancestors[index + 1]?.pid, time);
      join(between, alike ? { session: above.session, role: 'agent' } : childOf(above, between.pid));
      above = placeOf(between);
    }
  }
  if (above) join(proc, childOf(above, proc.pid));
};
