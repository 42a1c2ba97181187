import { pino } from 'pino';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/platform/metrics.ts';
import { createFaults } from '../../src/stream/faults.ts';
import { type Machine, machine } from '../../src/stream/machine.ts';

interface Item {
  readonly type: string;
  readonly value?: string;
  readonly watermark?: bigint;
}

/** Holds an item back until the next tick, and throws on `!`. */
const holdBack: Machine<{ held: Item[] }, Item, Item> = {
  initial: () => ({ held: [] }),
  onEvent: (state, input) => {
    if (input.value === '!') throw new Error('a bug');
    state.held.push(input);
    return [];
  },
  onTick: (state) => state.held.splice(0),
  onEnd: (state) => state.held.splice(0),
};

const items = {
  a: { type: 'item', value: 'a' },
  b: { type: 'item', value: 'b' },
  x: { type: 'item', value: '!' },
  t: { type: 'tick', watermark: 1n },
};

const check = (input: string, expected: string, faults: unknown[] = []) =>
  new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(({ cold, expectObservable }) => {
    const source = cold(input, items) as never;
    const operator = machine(holdBack, (error) => faults.push(error));
    expectObservable(operator(source)).toBe(expected, items);
  });

describe('machine', () => {
  it('passes a tick on behind what it closed', () =>
    check(
      'a-b-----t', //
      '--------(abt)',
    ));
  it('gives what is open when the stream ends', () => check('a-b-|', '----(ab|)'));
  it('passes an error on', () => check('a-#', '--#'));
  it('goes on without an input that its core fails on', () => {
    const faults: unknown[] = [];
    check('a-x-b-|', '------(ab|)', faults);
    expect(faults.map(String)).toEqual(['Error: a bug']);
  });
});

describe('faults', () => {
  it('are counted, and the first of a stage is told aloud', async () => {
    const lines: string[] = [];
    const registry = createRegistry();
    const onFault = createFaults({ log: pino({ level: 'info' }, { write: (line) => lines.push(line) }), registry })(
      'group',
    );
    onFault(new Error('first'));
    onFault(new Error('second'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('first');
    expect(await registry.metrics()).toContain('creance_stage_faults_total{stage="group"} 2');
  });
});
