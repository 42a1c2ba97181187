import { describe, expect, it } from 'vitest';
import { ManualClock, steadyDate } from '../../src/platform/clock.ts';

const SECOND = 1_000_000_000n;

describe('ManualClock', () => {
  it('keeps its timers when its date is set', () => {
    const clock = new ManualClock(100n * SECOND);
    const rung: bigint[] = [];
    clock.after(2_000, () => rung.push(clock.now()));
    clock.every(1_500, () => rung.push(clock.now()));
    clock.set(5n * SECOND);
    clock.advance(2_000);
    expect(rung).toEqual([6_500_000_000n, 7n * SECOND]);
    expect(clock.monotonic()).toBe(2n * SECOND);
  });
});

describe('steadyDate', () => {
  it('follows the date forward, and goes on from where it was when the date is set back, until that has come up', () => {
    const clock = new ManualClock(100n * SECOND);
    const date = steadyDate(clock);
    const told = (ms: number): bigint => {
      clock.advance(ms);
      return date() / SECOND;
    };
    expect(told(1_000)).toBe(101n);
    clock.set(200n * SECOND);
    expect(told(0)).toBe(200n);
    clock.set(150n * SECOND);
    expect([told(0), told(1_000), told(50_000)]).toEqual([200n, 201n, 251n]);
    clock.set(260n * SECOND);
    expect(told(0)).toBe(260n);
  });
});
