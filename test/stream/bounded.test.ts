import fc from 'fast-check';
import { Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ManualTurn } from '../../src/platform/turn.ts';
import { type BoundedOptions, bounded, emptyAccounts } from '../../src/stream/bounded.ts';

/** Items are `<class><name>`: `0a` is of the least class. Markers are `[first..last xN]`. */
const rig = (capacity: number, options: Partial<BoundedOptions<string>> = {}) => {
  const source = new Subject<string>();
  const manual = new ManualTurn();
  const accounts = emptyAccounts(3);
  const seen: string[] = [];
  const episodes: string[] = [];
  const subscription = source
    .pipe(
      bounded<string>({
        capacity,
        classes: 3,
        classOf: (item) => Number(item[0]),
        marker: ({ first, last, count }) => `[${first}..${last} x${count}]`,
        accounts,
        onOverflow: (phase, shed) => episodes.push(`${phase} ${shed}`),
        turn: manual.turn,
        ...options,
      }),
    )
    .subscribe({
      next: (item) => seen.push(item),
      error: (error) => seen.push(`error ${error.message}`),
      complete: () => seen.push('|'),
    });
  const push = (...items: string[]) => {
    for (const item of items) source.next(item);
  };
  const drain = () => {
    while (manual.run() > 0);
  };
  return { source, manual, accounts, seen, episodes, subscription, push, drain };
};

describe('bounded', () => {
  it('passes items on in order, on a later turn', () => {
    const { push, seen, drain } = rig(4);
    push('2a', '0b', '1c', '0d');
    expect(seen).toEqual([]);
    drain();
    expect(seen).toEqual(['2a', '0b', '1c', '0d']);
  });

  it.each([
    ['the oldest of the least class present', ['2a', '1b', '1c', '2d'], ['2a', '[1b..1b x1]', '1c', '2d']],
    ['the oldest of its own class for a newcomer of it', ['0a', '1b', '0c', '0d'], ['[0a..0a x1]', '1b', '0c', '0d']],
    ['the newcomer, when all others are worth more', ['2a', '1b', '1c', '0d'], ['2a', '1b', '1c', '[0d..0d x1]']],
    ['the oldest of all, when all are worth the same', ['2a', '2b', '2c', '2d'], ['[2a..2a x1]', '2b', '2c', '2d']],
    ['a run behind one marker', ['0a', '1b', '0c', '2d', '2e', '2f'], ['[0a..0c x3]', '2d', '2e', '2f']],
  ])('when full, sheds %s', (_, items, expected) => {
    const { push, seen, drain } = rig(3);
    push(...items);
    drain();
    expect(seen).toEqual(expected);
  });

  it('puts a marker after what arrived before the loss', () => {
    const { push, seen, drain } = rig(3);
    push('1a', '0b', '1c', '2d', '0e');
    drain();
    expect(seen).toEqual(['1a', '[0b..0e x2]', '1c', '2d']);
  });

  it('begins a new marker for what is shed after one was passed on', () => {
    const { push, manual, seen, drain } = rig(2, { slice: 1 });
    push('0a', '0b', '0c');
    manual.run();
    expect(seen).toEqual(['[0a..0a x1]', '0b']);
    push('0d', '0e');
    drain();
    expect(seen).toEqual(['[0a..0a x1]', '0b', '[0c..0c x1]', '0d', '0e']);
  });

  it('gives input and output a turn between slices', () => {
    const { push, manual, seen } = rig(10, { slice: 2 });
    push('0a', '0b', '0c');
    manual.run();
    expect(seen).toEqual(['0a', '0b']);
    manual.run();
    expect(seen).toEqual(['0a', '0b', '0c']);
    expect(manual.run()).toBe(0);
  });

  it('tells an episode once at its begin and once when the queue is half empty', () => {
    const { push, episodes, manual } = rig(4, { slice: 1 });
    push('0a', '0b', '0c', '0d', '0e', '0f');
    expect(episodes).toEqual(['begin 0']);
    manual.run();
    push('0g', '0h');
    expect(episodes).toEqual(['begin 0']);
    manual.run();
    manual.run();
    expect(episodes).toEqual(['begin 0', 'end 3']);
  });

  it('passes everything on before the end of the source', () => {
    const { push, source, seen, drain } = rig(2, { slice: 1 });
    push('0a', '0b', '0c');
    source.complete();
    expect(seen).toEqual([]);
    drain();
    expect(seen).toEqual(['[0a..0a x1]', '0b', '0c', '|']);
  });

  it('passes everything on before the failure of the source', () => {
    const { push, source, seen, drain } = rig(2);
    push('0a');
    source.error(new Error('gone'));
    drain();
    expect(seen).toEqual(['0a', 'error gone']);
  });

  it('asks for no turn after unsubscription', () => {
    const { push, subscription, seen, manual } = rig(2);
    push('0a');
    subscription.unsubscribe();
    expect(manual.run()).toBe(0);
    expect(seen).toEqual([]);
  });

  it('stops in the middle of a slice when downstream has had enough', () => {
    const source = new Subject<string>();
    const manual = new ManualTurn();
    const accounts = emptyAccounts(1);
    const seen: string[] = [];
    const options = { capacity: 5, classes: 1, classOf: () => 0, marker: () => 'gap', accounts, turn: manual.turn };
    source.pipe(bounded<string>(options), take(1)).subscribe((item) => seen.push(item));
    source.next('a');
    source.next('b');
    manual.run();
    expect(seen).toEqual(['a']);
    expect(accounts.passed).toBe(1);
    expect(source.observed).toBe(false);
  });

  it('keeps exact accounts, order and the bound for any load', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('0', '1', '2') },
      { weight: 1, arbitrary: fc.constant('turn') },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 200 }), (capacity, steps) => {
        const { push, source, manual, accounts, seen, drain } = rig(capacity, { slice: 3 });
        const sum = () => accounts.passed + accounts.shed.reduce((a, b) => a + b, 0) + accounts.held;
        steps.forEach((what, i) => {
          if (what === 'turn') manual.run();
          else push(`${what}${String(i).padStart(4, '0')}`);
          expect(accounts.held).toBeLessThanOrEqual(capacity);
          expect(sum()).toBe(accounts.received);
        });
        source.complete();
        drain();
        const items = seen.filter((item) => /^\d/.test(item));
        const places = items.map((item) => Number(item.slice(1)));
        expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(items.length).toBe(accounts.passed);
        const told = seen.map((item) => Number(/ x(\d+)\]/.exec(item)?.[1] ?? 0)).reduce((a, b) => a + b, 0);
        expect(told).toBe(accounts.received - accounts.passed);
        expect(seen.at(-1)).toBe('|');
      }),
    );
  });

  it('holds ten times its capacity in neither items nor memory', () => {
    const total = 200_000;
    const { push, accounts, manual } = rig(1_000, { slice: 10 });
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < total; i++) {
      push(`${i % 3}${'x'.repeat(1_000)}${i}`);
      if (i % 100 === 0) manual.run();
    }
    expect(accounts.held).toBe(1_000);
    expect(accounts.passed + accounts.held + accounts.shed.reduce((a, b) => a + b)).toBe(total);
    expect(accounts.shed[2]).toBeGreaterThan(0);
    // 200 MB went through; what is held is 1 MB, and uncollected garbage.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });
});
