import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createOutputMetrics } from '../../src/alert/output/metrics.ts';
import { keptIncidents, RegisterSink } from '../../src/alert/register.ts';
import type { Alert, Receipt } from '../../src/model/alert.ts';
import { ManualClock } from '../../src/platform/clock.ts';
import type { Documents } from '../../src/platform/documents.ts';
import { memoryDocuments } from '../../src/platform/documents-memory.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { expectCounted, expectLog, fault, type LogLine } from '../faults/fault.ts';
import { until } from '../support/until.ts';
import { anAlert, at } from './timeline.ts';

const idOf = (n: number): string => n.toString(16).padStart(12, '0');
const incident = (n: number, over: Partial<Alert> = {}): Alert =>
  anAlert(`r${n}`, { startsAt: at(n), incident: { id: idOf(n), places: [] }, ...over });

/** A register over documents whose writes a test may let fail. */
const setUp = (capacity = 100) => {
  const kept = memoryDocuments();
  const state = { down: false, writes: 0 };
  const documents: Documents = {
    ...kept,
    put: async (...args) => {
      state.writes++;
      if (state.down) throw new Error('cannot write the store');
      await kept.put(...args);
    },
  };
  const lines: LogLine[] = [];
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
  const clock = new ManualClock();
  const registry = createRegistry();
  const sink = new RegisterSink(documents, capacity, { log, clock, metrics: createOutputMetrics(registry) });
  const receipts: Receipt[] = [];
  sink.open((receipt) => receipts.push(receipt));
  const outcomes = () => receipts.map(({ outcome }) => outcome);
  const superseded = async () => {
    const text = await registry.metrics();
    return Number(/outcome="superseded"} (\d+)/.exec(text)?.[1] ?? 0);
  };
  return { sink, state, kept, clock, lines, registry, outcomes, superseded };
};

describe('the register of incidents', () => {
  it('keeps the newest state of each, the newest incident first', async () => {
    const { sink, kept, outcomes, superseded } = setUp();
    sink.take(incident(1));
    sink.take(incident(2));
    await until(() => outcomes().length === 2);
    sink.take(incident(1, { endsAt: at(9) }));
    sink.take(incident(2, { endsAt: at(8) }));
    sink.take(incident(2));
    await sink.close(1_000);
    expect(await superseded()).toBe(1);
    expect((await keptIncidents(kept)).map(({ labels, endsAt }) => [labels.rule, endsAt])).toEqual([
      ['r2', undefined],
      ['r1', at(9)],
    ]);
    expect(outcomes()).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
  });

  it('waits for a store that is down, tells it once, and loses nothing it can hold', async () => {
    const row = fault('incidents-unkept');
    const { sink, state, kept, clock, lines, registry, outcomes } = setUp();
    state.down = true;
    sink.take(incident(1));
    sink.take(incident(2));
    await until(() => state.writes === 1);
    for (let tries = 2; tries < 6; tries++)
      await until(() => {
        clock.advance(60_000);
        return state.writes >= tries;
      });
    state.down = false;
    await until(() => {
      clock.advance(60_000);
      return outcomes().length === 2;
    });
    expect((await keptIncidents(kept)).length).toBe(2 - row.lost.count);
    expectLog(row, lines);
    expectCounted(row, await registry.metrics());
  });

  it('lets the oldest of too many go, and counts them, as it counts what is left at the end', async () => {
    const { sink, state, outcomes, clock } = setUp(2);
    state.down = true;
    for (let n = 1; n <= 4; n++) sink.take(incident(n));
    await until(() => state.writes === 1);
    const closing = sink.close(500);
    clock.advance(500);
    await closing;
    expect(outcomes()).toEqual(['dropped', 'dropped', 'dropped', 'dropped']);
  });

  it('is bounded in the store as well: what began first goes', async () => {
    const { sink, kept, outcomes } = setUp(3_000);
    for (let n = 1; n <= 1_201; n++) sink.take(incident(n));
    await until(() => outcomes().length === 1_201);
    const left = await keptIncidents(kept);
    expect([left.length, left.at(-1)?.labels.rule]).toEqual([1_000, 'r202']);
  });

  it('has nothing to keep of what is no incident', async () => {
    const { sink, kept, outcomes } = setUp();
    sink.take(anAlert('plain'));
    expect([outcomes(), await keptIncidents(kept)]).toEqual([['delivered'], []]);
  });
});
