import { describe, expect, test } from 'vitest';
import { Baseline } from '../../../src/detect/baseline/baseline.ts';
import { toForget } from '../../../src/detect/baseline/bounds.ts';
import type { SessionProfile } from '../../../src/detect/baseline/profile.ts';
import { profile } from '../actions.ts';

const BOUNDS = { maxSessions: 100, maxBytes: 1_000_000, forgetAfterDays: 30 };
const DAY = 86_400_000_000_000n;
const on = (session: string, day: number, ...names: string[]): SessionProfile =>
  profile({ session, ended: String(BigInt(day) * DAY), names, shapes: [names.map((_, at) => at)], path: [0] });
const of = (...profiles: readonly SessionProfile[]): Baseline => {
  const baseline = new Baseline();
  for (const one of profiles) baseline.add(one);
  return baseline;
};
const ids = (profiles: readonly SessionProfile[]) => profiles.map(({ session }) => session);

describe('what a baseline forgets', () => {
  test('nothing within its bounds', () => {
    expect(toForget(of(on('a', 1, 'x'), on('b', 2, 'y')), BOUNDS)).toEqual([]);
  });

  test('what was not seen for long, reckoned from the latest session', () => {
    expect(ids(toForget(of(on('old', 1, 'x'), on('new', 40, 'y')), BOUNDS))).toEqual(['old']);
  });

  test('first what others have too, of several the oldest', () => {
    const baseline = of(on('rare', 1, 'x', 'only here'), on('old', 2, 'x'), on('newer', 3, 'x'), on('latest', 4, 'x'));
    expect(ids(toForget(baseline, { ...BOUNDS, maxSessions: 3 }))).toEqual(['old']);
    expect(ids(toForget(baseline, { ...BOUNDS, maxSessions: 2 }))).toEqual(['old', 'newer']);
  });

  test('as much as its bytes ask for, but never everything', () => {
    const baseline = of(...Array.from({ length: 10 }, (_, at) => on(`s${at}`, at, 'x'.repeat(1_000))));
    expect(toForget(baseline, { ...BOUNDS, maxBytes: 5_000 })).toHaveLength(6);
    expect(toForget(baseline, { ...BOUNDS, maxBytes: 1 })).toHaveLength(9);
  });
});

test('what is taken out of a baseline leaves no trace', () => {
  const [a, b] = [on('a', 1, 'symbol x', 'program p'), on('b', 2, 'symbol x')];
  const baseline = of(a, b);
  baseline.remove('b');
  expect(baseline.elements()).toEqual(of(a).elements());
  expect(baseline.order.after()).toEqual(of(a).order.after());
  expect(baseline.order.chance(['x'], 'x')).toBe(of(a).order.chance(['x'], 'x'));
});
