import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { RankedQueue } from '../../src/stream/ranked-queue.ts';

/** Items are `<class><name>`. */
const classOf = (item: string) => Number(item[0]);

describe('a ranked queue', () => {
  it('asks for no class while nothing is shed', () => {
    const ask = vi.fn(classOf);
    const queue = new RankedQueue(3, ask);
    for (const item of ['2a', '0b', '1c']) queue.push(item);
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual(['2a', '0b', '1c', undefined]);
    expect(ask).not.toHaveBeenCalled();
  });

  it('asks once for each item, the oldest first', () => {
    const ask = vi.fn(classOf);
    const queue = new RankedQueue(3, ask);
    for (const item of ['2a', '0b', '1c']) queue.push(item);
    queue.sort(2);
    expect(ask.mock.calls).toEqual([['2a'], ['0b']]);
    expect(queue.shed()?.item).toBe('0b');
    expect(ask.mock.calls).toEqual([['2a'], ['0b'], ['1c']]);
  });

  it('gives the same whenever classes are found', () => {
    const step = fc.oneof(fc.constantFrom('push 0', 'push 1', 'push 2'), fc.constantFrom('shift', 'shed', 'sort'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const lazy = new RankedQueue(3, classOf);
        const eager = new RankedQueue(3, classOf);
        steps.forEach((what, index) => {
          if (what === 'sort') lazy.sort(1);
          else if (what === 'shift') expect(lazy.shift()).toBe(eager.shift());
          else if (what === 'shed') expect(lazy.shed()).toEqual(eager.shed());
          else for (const queue of [lazy, eager]) queue.push(`${what.at(-1)}${index}`);
          eager.sort(Number.POSITIVE_INFINITY);
          expect([lazy.length, lazy.firstOrder()]).toEqual([eager.length, eager.firstOrder()]);
        });
      }),
    );
  });
});
