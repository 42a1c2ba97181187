import { ACTION_KINDS } from '../model/action.ts';
import { Counter, type Registry } from '../platform/metrics.ts';
import { LIMITS } from './limits.ts';

export const createActionMetrics = (registry: Registry) => {
  const limited = new Counter({
    name: 'creance_actions_limited_total',
    help: 'Actions closed early because too many were open (open-children, open-files), or that kept only the numbers of their first events (events).',
    labelNames: ['limit'],
    registers: [registry],
  });
  for (const limit of LIMITS) limited.inc({ limit }, 0);
  const actions = new Counter({
    name: 'creance_actions_total',
    help: 'Actions that agents took, by kind.',
    labelNames: ['kind'],
    registers: [registry],
  });
  for (const kind of ACTION_KINDS) actions.inc({ kind }, 0);
  return { limited, actions };
};
export type ActionMetrics = ReturnType<typeof createActionMetrics>;
