import type { OperatorFunction } from 'rxjs';
import type { AgentSpec } from '../model/catalogue.ts';
import type { Tick } from '../model/flow.ts';
import type { Traced } from '../model/traced.ts';
import { machine } from '../stream/machine.ts';
import type { ActionConfig } from './config.ts';
import { type Grouped, grouper } from './grouper.ts';

/** Events with their session in, actions out; the sessions' beginnings, ends and gaps pass through. */
export const group = (
  catalogue: readonly AgentSpec[],
  config: ActionConfig,
): OperatorFunction<Traced | Tick, Grouped | Tick> => machine(grouper(catalogue, config));
