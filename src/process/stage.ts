import type { OperatorFunction } from 'rxjs';
import type { AgentSpec } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import type { Gap, Tick } from '../model/flow.ts';
import type { Traced } from '../model/traced.ts';
import { machine } from '../stream/machine.ts';
import type { ProcessConfig } from './config.ts';
import { tracer } from './tracer.ts';

/** Events in, events with their session out. */
export const trace = (
  catalogue: readonly AgentSpec[],
  config: ProcessConfig,
): OperatorFunction<FalcoEvent | Gap | Tick, Traced | Tick> => machine(tracer(catalogue, config));
