import { describe, expect, test } from 'vitest';
import { pValue, tailLimit, thresholdOf } from '../../../src/detect/baseline/calibration.ts';

const descending = (values: readonly number[]) => values.toSorted((a, b) => b - a);

describe('the threshold', () => {
  test('is what the rate asks of any scope while its sessions are quiet', () => {
    expect(thresholdOf([1, 0.5, 0], [], 0.01)).toBe(4);
    expect(thresholdOf([], [], 0.1)).toBe(3);
    expect(thresholdOf([], [], 0.001)).toBe(5);
  });

  test('lets none of the scope’s own clean sessions reach it while they are few, nor those of the prior', () => {
    expect(thresholdOf([6, 1], [], 0.01)).toBeGreaterThan(6);
    expect(thresholdOf([1], [6.5], 0.01)).toBeGreaterThan(6.5);
  });

  test('lets the share of them reach it that was asked for, once they are many', () => {
    const scores = descending(Array.from({ length: 399 }, (_, at) => 3 + at / 100));
    const threshold = thresholdOf(scores, [99], 0.05);
    const share = scores.filter((score) => score >= threshold).length / scores.length;
    expect(share).toBeLessThanOrEqual(0.05);
  });

  test('never rises so far that a noisy past excuses what is grave', () => {
    expect(thresholdOf([50, 40], [], 0.01)).toBe(8);
  });
});

test('a p-value counts the session itself, and is never zero', () => {
  expect(pValue(10, [1, 2, 3])).toBe(0.25);
  expect(pValue(2, [3, 2, 1])).toBe(0.75);
});

test('the tail of an exponential is read off its highest third', () => {
  const values = descending(Array.from({ length: 300 }, (_, at) => -Math.log((at + 0.5) / 300)));
  expect(tailLimit(values, 0.01)).toBeCloseTo(-Math.log(0.01), 0);
  expect(tailLimit([0, 0, 0], 0.01)).toBe(0);
});
