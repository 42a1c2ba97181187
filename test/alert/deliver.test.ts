import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { CallbackSink } from '../../src/alert/callback.ts';
import { deliver } from '../../src/alert/deliver.ts';
import { MemorySink } from '../../src/alert/memory.ts';
import type { Sink } from '../../src/alert/sink.ts';
import { alert } from '../../src/alert/stage.ts';
import type { Alert, Receipt } from '../../src/model/alert.ts';
import type { Tick } from '../../src/model/flow.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { rethrow } from '../support/rethrow.ts';
import { until } from '../support/until.ts';
import { anAlert, aSession, at, aVerdict, config, ended } from './timeline.ts';

/** A sink that ends only when told to. */
class SlowSink extends MemorySink {
  readonly closes: number[] = [];
  end = () => {};

  override close(deadlineMs = 0): Promise<void> {
    this.closes.push(deadlineMs);
    return new Promise((resolve) => {
      this.end = resolve;
    });
  }
}

const run = (sinks: readonly MemorySink[]) => {
  const source = new Subject<Alert | Tick>();
  const seen: string[] = [];
  const subscription = source.pipe(deliver(sinks, 5_000)).subscribe({
    next: ({ sink, outcome, count }: Receipt) => seen.push(`${sink} ${outcome} ${count}`),
    error: (error) => seen.push(`error ${error}`),
    complete: () => seen.push('complete'),
  });
  return { source, seen, subscription };
};

describe('deliver', () => {
  it('hands every alert to every sink and swallows ticks', () => {
    const sinks = [new MemorySink('one'), new MemorySink('two')];
    const { source, seen } = run(sinks);
    source.next(anAlert('a'));
    source.next({ type: 'tick', watermark: at(1) });
    expect(seen).toEqual(['one delivered 1', 'two delivered 1']);
    expect(sinks.map(({ alerts }) => alerts.length)).toEqual([1, 1]);
  });

  it('completes when all sinks have flushed', async () => {
    const slow = new SlowSink('slow');
    const { source, seen } = run([new MemorySink('quick'), slow]);
    source.complete();
    expect(slow.closes).toEqual([5_000]);
    expect(seen).toEqual([]);
    slow.end();
    await until(() => seen.length > 0);
    expect(seen).toEqual(['complete']);
    expect(slow.closes).toEqual([5_000]);
  });

  it('flushes before it passes an error on', async () => {
    const slow = new SlowSink('slow');
    const { source, seen } = run([slow]);
    source.error('broken');
    expect(seen).toEqual([]);
    slow.end();
    await until(() => seen.length > 0);
    expect(seen).toEqual(['error broken']);
  });

  it('stops at once when it is unsubscribed', () => {
    const slow = new SlowSink('slow');
    run([slow]).subscription.unsubscribe();
    expect(slow.closes).toEqual([0]);
  });

  it('delivers to no sink at all', async () => {
    const { source, seen } = run([]);
    source.next(anAlert('a'));
    source.complete();
    await until(() => seen.length > 0);
    expect(seen).toEqual(['complete']);
  });
});

describe('deliver, with a keeper', () => {
  it('gives each sink first what an earlier process left for it, and says how much', () => {
    const left = new Map([
      ['one', [anAlert('old'), anAlert('older')]],
      ['two', []],
    ]);
    const keeper = {
      put: () => {},
      settle: () => {},
      onLate: () => {},
      pendingFor: ({ name }: Sink) => left.get(name) ?? [],
    };
    const told: string[] = [];
    const source = new Subject<Alert | Tick>();
    const sinks = [new MemorySink('one'), new MemorySink('two')];
    source.pipe(deliver(sinks, 1, keeper, (sink, count) => told.push(`${sink} ${count}`))).subscribe();
    source.next(anAlert('new'));
    expect(told).toEqual(['one 2', 'two 0']);
    expect(sinks.map(({ alerts }) => alerts.map(({ labels }) => labels.rule))).toEqual([
      ['old', 'older', 'new'],
      ['new'],
    ]);
  });
});

describe('alert, then deliver', () => {
  it('tells of each state', () => {
    const states: (bigint | undefined)[] = [];
    const source = new Subject<Verdict | Tick>();
    const sink = new CallbackSink(({ endsAt }) => states.push(endsAt));
    source.pipe(alert(config, { registry: createRegistry(), onFault: rethrow }), deliver([sink], 1)).subscribe();
    source.next(aVerdict(1, aSession(), [{ rule: 'r', severity: 'error', summary: 'two steps' }]));
    source.next({ type: 'tick', watermark: at(2) });
    source.next(ended(2, aSession()));
    expect(states).toEqual([undefined, at(2)]);
  });
});
