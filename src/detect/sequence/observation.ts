import type { AgentAction } from '../../model/action.ts';
import type { Gap } from '../../model/flow.ts';
import type { Session } from '../../model/session.ts';
import type { Nanos } from '../../model/time.ts';
import { exactStepOf } from '../acceptance/names.ts';

/** What else is known when an action is judged. */
export interface ActionContext {
  /** The names of what the baseline of its scope has never seen. */
  readonly novel?: readonly string[];
  /** The gaps of the session so far. */
  readonly gaps?: readonly Gap[];
  /** What a person has accepted, by name: it is matched, and no alert. */
  readonly isAccepted?: (name: string) => boolean;
}

/** What is kept of an observation while a match is open: little, since it may be kept for an hour. */
export interface Sighting {
  /** The action's index; absent for a gap. */
  readonly index?: number;
  readonly title: string;
  /** What accepting it would be about. */
  readonly step: string;
  readonly start: Nanos;
  readonly end: Nanos;
  /** Its place among what rules look at, to count actions by. */
  readonly place: number;
}

/** What a rule looks at: an action of the session, or a gap in what was seen of it. */
export interface Observation {
  readonly session: Session;
  readonly action?: AgentAction;
  readonly gap?: Gap;
  readonly novel: readonly string[];
  readonly sighting: Sighting;
}

export const ofAction = (action: AgentAction, place: number, { novel = [] }: ActionContext = {}): Observation => {
  const { session, index, title, start, end } = action;
  return { session, action, novel, sighting: { index, title, step: exactStepOf(action), start, end, place } };
};

export const ofGap = (gap: Gap, session: Session, place: number): Observation => {
  const title = gap.lost === undefined ? 'events were lost' : `${gap.lost} events were lost`;
  return {
    session,
    gap,
    novel: [],
    sighting: { title, step: 'events were lost', start: gap.from, end: gap.to, place },
  };
};
