import type { AgentAction } from '../model/action.ts';
import type { AgentSpec } from '../model/catalogue.ts';
import type { Session } from '../model/session.ts';
import type { SessionEnd, SessionGap, SessionStart, Traced, TracedEvent } from '../model/traced.ts';
import type { Machine } from '../stream/machine.ts';
import type { ActionConfig } from './config.ts';
import type { OnLimit } from './limits.ts';
import { SessionActions } from './session-actions.ts';

export type Grouped = AgentAction | SessionStart | SessionEnd | SessionGap;

export type GrouperState = Map<string, SessionActions>;

/** Folds the events of each session into the actions that the agent took. Structure first, time second. */
export const grouper = (
  catalogue: readonly AgentSpec[],
  config: ActionConfig,
  onLimit: OnLimit = () => {},
): Machine<GrouperState, Traced, Grouped> => {
  const specs = new Map(catalogue.map((spec) => [spec.id, spec]));
  const open = (state: GrouperState, session: Session): SessionActions | undefined => {
    const spec = specs.get(session.agent);
    if (!spec) return undefined;
    const actions = new SessionActions(spec, config, onLimit);
    state.set(session.id, actions);
    return actions;
  };
  const onTraced = (state: GrouperState, input: TracedEvent): readonly Grouped[] =>
    (state.get(input.session.id) ?? open(state, input.session))?.add(input) ?? [];

  return {
    initial: () => new Map(),
    onEvent: (state, input) => {
      switch (input.type) {
        case 'traced':
          return onTraced(state, input);
        case 'session-start':
          open(state, input.session);
          return [input];
        case 'session-gap':
          return [input];
        case 'session-end': {
          const last = state.get(input.session.id)?.end() ?? [];
          state.delete(input.session.id);
          return [...last, input];
        }
      }
    },
    onTick: (state, watermark) => {
      const closed: AgentAction[] = [];
      for (const actions of state.values()) closed.push(...actions.quiet(watermark));
      return closed;
    },
    onEnd: (state) => [...state.values()].flatMap((actions) => actions.end()),
  };
};
