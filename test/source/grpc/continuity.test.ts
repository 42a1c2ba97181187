import { expect, test } from 'vitest';
import { createContinuity } from '../../../src/source/grpc/continuity.ts';
import { encodeResponse, numbered, timeOf } from '../../support/falco-messages.ts';

const NOW = timeOf(500);
const gap = (from: bigint, to: bigint) => ({ type: 'gap', cause: 'disconnect', from, to });

test('no gap while nothing breaks', () => {
  const continuity = createContinuity(() => NOW);
  expect(continuity.onEvent(numbered(1))).toBeUndefined();
  expect(continuity.onEnd()).toBeUndefined();
});

test('from the last event before to the first after, once', () => {
  const continuity = createContinuity(() => NOW);
  continuity.onEvent(numbered(1));
  continuity.broken();
  continuity.broken();
  expect(continuity.onEvent(numbered(4))).toEqual(gap(timeOf(1), timeOf(4)));
  expect(continuity.onEvent(numbered(5))).toBeUndefined();
});

test('the clock stands in for events that are not there or have no time', () => {
  let now = timeOf(10);
  const continuity = createContinuity(() => now);
  continuity.broken();
  now = timeOf(20);
  expect(continuity.onEvent(encodeResponse({ time: null, rule: 'x' }))).toEqual(gap(timeOf(10), timeOf(20)));
});

test('never ends before it begins', () => {
  const continuity = createContinuity(() => NOW);
  continuity.onEvent(numbered(9));
  continuity.broken();
  expect(continuity.onEvent(numbered(8))).toEqual(gap(timeOf(9), timeOf(9)));
});

test('ends with the source when no event comes any more', () => {
  const continuity = createContinuity(() => NOW);
  continuity.onEvent(numbered(1));
  continuity.broken();
  expect(continuity.onEnd()).toEqual(gap(timeOf(1), NOW));
});
