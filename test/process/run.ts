import type { FalcoEvent } from '../../src/model/event.ts';
import type { Gap } from '../../src/model/flow.ts';
import type { Traced, TracedEvent } from '../../src/model/traced.ts';
import { loadCatalogue } from '../../src/process/catalogue.ts';
import { processConfig } from '../../src/process/config.ts';
import { Accounts } from '../../src/process/metrics.ts';
import { tracer } from '../../src/process/tracer.ts';
import { at } from '../support/events.ts';

export const catalogue = loadCatalogue();

type Settings = Parameters<typeof processConfig.parse>[0];
/** An event, a gap, or a moment in milliseconds that event time has reached. */
type Step = FalcoEvent | Gap | number;

/** Runs a timeline through the tracer, with a tick ahead of each item that moves event time on, as in the pipeline. */
export const run = (steps: readonly Step[], settings: Settings = {}, options: { end?: boolean } = {}) => {
  const accounts = new Accounts();
  const machine = tracer(catalogue, processConfig.parse(settings), accounts);
  const state = machine.initial();
  const outputs: Traced[] = [];
  let watermark = 0n;
  const reach = (time: bigint) => {
    if (time < watermark + 50_000_000n) return;
    watermark = time;
    outputs.push(...machine.onTick(state, watermark));
  };
  for (const step of steps) {
    if (typeof step === 'number') reach(at(step));
    else {
      reach(step.type === 'gap' ? step.to : step.time);
      outputs.push(...machine.onEvent(state, step));
    }
  }
  if (options.end !== false) outputs.push(...machine.onEnd(state));
  return view(outputs, accounts, state.table.size);
};

const view = (outputs: readonly Traced[], accounts: Accounts, processes: number) => {
  const traced = outputs.filter((output): output is TracedEvent => output.type === 'traced');
  return {
    outputs,
    accounts,
    processes,
    traced,
    starts: outputs.filter((output) => output.type === 'session-start').map(({ session }) => session),
    ends: outputs.filter((output) => output.type === 'session-end'),
    gaps: outputs.filter((output) => output.type === 'session-gap'),
    /** Last snapshot of each session. */
    sessions: outputs.filter((output) => output.type === 'session-end').map(({ session }) => session),
    /** Which session an event went to: its agent, or undefined. */
    agentOf: (event: FalcoEvent) => traced.find((one) => one.event === event)?.session.agent,
    of: (event: FalcoEvent) => traced.find((one) => one.event === event),
  };
};
