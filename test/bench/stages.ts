import { from, type Observable, type OperatorFunction } from 'rxjs';
import { actionConfig } from '../../src/action/config.ts';
import { group } from '../../src/action/stage.ts';
import { createDecoder } from '../../src/decode/decoder.ts';
import { Baselines } from '../../src/detect/baseline/baselines.ts';
import { detectConfig } from '../../src/detect/config.ts';
import { createDetectMetrics } from '../../src/detect/metrics.ts';
import { loadSequenceRules } from '../../src/detect/sequence/rule.ts';
import { detect } from '../../src/detect/stage.ts';
import type { FalcoEvent } from '../../src/model/event.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { loadCatalogue } from '../../src/process/catalogue.ts';
import { processConfig } from '../../src/process/config.ts';
import { trace } from '../../src/process/stage.ts';
import { ticks } from '../../src/stream/ticks.ts';
import { rethrow } from '../support/rethrow.ts';
import { alone, type Round, startMeter } from './measure.ts';
import { printCosts, printTitle } from './print.ts';
import { sized } from './size.ts';
import { synthesise } from './synthesise.ts';

/** Each stage behind decoding by itself, on what the stages before it make of the same events; all figures are per event. */
const EVENTS = sized(24_000, 8_000);
const ROUNDS = sized(15, 5);
/** Event time between two ticks, as the pipeline has it. */
const TICK_MS = 50;

const catalogue = loadCatalogue();
const rules = loadSequenceRules();
const lines = [...synthesise(EVENTS)].join('').trimEnd().split('\n');
const decoder = createDecoder();
const events = lines.map((text) => decoder({ type: 'json', text }) as FalcoEvent);

const collect = <Item>(items: Observable<Item>): readonly Item[] => {
  const collected: Item[] = [];
  items.subscribe((item) => collected.push(item));
  return collected;
};

const stages = {
  trace: () => trace(catalogue, processConfig.parse({}), { registry: createRegistry(), onFault: rethrow }),
  group: () => group(catalogue, actionConfig.parse({}), { registry: createRegistry(), onFault: rethrow }),
  judge: () => {
    const config = detectConfig.parse({});
    const baselines = new Baselines({ ...config.baseline });
    return detect(config, { rules, baselines, metrics: createDetectMetrics(createRegistry()), onFault: rethrow });
  },
};

const timed = collect(from(events).pipe(ticks<FalcoEvent>(({ time }) => time, { periodMs: TICK_MS })));
const traced = collect(from(timed).pipe(stages.trace()));
const grouped = collect(from(traced).pipe(stages.group()));

const roundOf = <In, Out>(items: readonly In[], stage: () => OperatorFunction<In, Out>): Round => {
  return () => {
    const stop = startMeter();
    from(items).pipe(stage()).subscribe();
    return stop(EVENTS, Buffer.byteLength(lines.join('\n')));
  };
};

printTitle('stages alone');
printCosts('trace', await alone(roundOf(timed, stages.trace), ROUNDS));
printCosts('group', await alone(roundOf(traced, stages.group), ROUNDS));
printCosts('judge', await alone(roundOf(grouped, stages.judge), ROUNDS));
