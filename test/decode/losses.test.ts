import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { losses } from '../../src/decode/losses.ts';
import type { FalcoEvent } from '../../src/model/event.ts';
import type { Gap } from '../../src/model/flow.ts';

const MS = 1_000_000n;
const event = (at: number): FalcoEvent => ({
  type: 'event',
  time: BigInt(at) * MS,
  rule: 'r',
  priority: 'notice',
  source: 'syscall',
  hostname: 'vm',
  tags: [],
});

/** Numbers are events at so many milliseconds, `x` something unreadable, `t…` a tick. Events come out as numbers, gaps as `[from-to xN]`. */
const play = (timeline: string): string => {
  const state = losses.initial();
  const out: string[] = [];
  const show = (items: readonly (FalcoEvent | Gap)[]) => {
    for (const item of items)
      out.push(item.type === 'gap' ? `[${item.from / MS}-${item.to / MS} x${item.lost}]` : String(item.time / MS));
  };
  for (const word of timeline.split(' ')) {
    if (word === 'x') show(losses.onEvent(state, { type: 'lost' }));
    else if (word.startsWith('t')) show(losses.onTick(state, BigInt(word.slice(1)) * MS));
    else show(losses.onEvent(state, event(Number(word))));
  }
  show(losses.onEnd(state));
  return out.join(' ');
};

describe('what cannot be read', () => {
  test.each([
    ['is a gap in its place, at the time of the event before it', '100 x 200', '100 [100-100 x1] 200'],
    ['before the first event is a gap at that one', 'x x 100', '[100-100 x2] 100'],
    [
      'within a second of the last such gap waits',
      '100 x 200 x 300 x 900 1200',
      '100 [100-100 x1] 200 300 900 [200-300 x2] 1200',
    ],
    ['waits for a tick when no event comes', '100 x 200 x t1150', '100 [100-100 x1] 200 [200-200 x1]'],
    ['is told at the end at the latest', '100 x 200 x x', '100 [100-100 x1] 200 [200-200 x2]'],
    ['with no event at all is no gap: there is no time and no session', 'x x x', ''],
    [
      'is told again after an event from the far future was followed by a right one',
      '100 900000 x 200 x 300',
      '100 900000 [900000-900000 x1] 200 [200-200 x1] 300',
    ],
    [
      'never makes a gap that ends before it begins',
      '1000 x 1100 x 1050 x 3000',
      '1000 [1000-1000 x1] 1100 1050 [1050-1100 x2] 3000',
    ],
  ])('%s', (_, timeline, expected) => {
    expect(play(timeline)).toBe(expected);
  });

  test('a million of them make one gap a second, and none goes uncounted', () => {
    const state = losses.initial();
    let gaps = 0;
    let lost = 0;
    const take = (items: readonly (FalcoEvent | Gap)[]) => {
      for (const item of items)
        if (item.type === 'gap') {
          gaps += 1;
          lost += item.lost ?? 0;
        }
    };
    for (let i = 0; i < 1_000_000; i += 1) {
      if (i % 1_000 === 0) take(losses.onEvent(state, event(i / 100)));
      take(losses.onEvent(state, { type: 'lost' }));
    }
    take(losses.onEnd(state));
    expect(gaps).toBeLessThanOrEqual(11);
    expect(lost).toBe(1_000_000);
  });

  test('whatever the order of times, events pass in order and every loss is told once', () => {
    const step = fc.oneof(
      fc.constant('x'),
      fc.nat(5_000).map(String),
      fc.nat(5_000).map((n) => `t${n}`),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const out = play(['0', ...steps].join(' ')).split(' ');
        expect(out.filter((word) => /^\d/.test(word))).toEqual(['0', ...steps.filter((word) => /^\d/.test(word))]);
        const told = out.map((word) => Number(/^x(\d+)]/.exec(word)?.[1] ?? 0)).reduce((a, b) => a + b);
        expect(told).toBe(steps.filter((word) => word === 'x').length);
      }),
    );
  });
});
