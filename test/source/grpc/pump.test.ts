import { expect, test } from 'vitest';
import { ManualClock } from '../../../src/platform/clock.ts';
import { startPump } from '../../../src/source/grpc/pump.ts';

const setUp = () => {
  const clock = new ManualClock();
  const requests: number[] = [];
  const pump = startPump(() => requests.push(Number(clock.now() / 1_000_000n)), {
    minPollMs: 10,
    maxPollMs: 100,
    clock,
  });
  return { clock, requests, pump };
};

test('asks at once, then ever more slowly while nothing comes, but never stops', () => {
  const { clock, requests } = setUp();
  clock.advance(450);
  expect(requests).toEqual([0, 10, 30, 70, 150, 250, 350, 450]);
});

test('asks soon after an event, however slow it had become', () => {
  const { clock, requests, pump } = setUp();
  clock.advance(400);
  const before = requests.length;
  pump.arrived();
  pump.arrived();
  clock.advance(60);
  expect(requests.slice(before)).toEqual([410, 420, 440]);
});

test('asks at the least pause while each request brings events', () => {
  const { clock, requests, pump } = setUp();
  for (let n = 0; n < 5; n += 1) {
    pump.arrived();
    clock.advance(10);
  }
  expect(requests).toEqual([0, 10, 20, 30, 40, 50]);
});

test('asks no more once stopped', () => {
  const { clock, requests, pump } = setUp();
  pump.stop();
  clock.advance(1_000);
  expect(requests).toEqual([0]);
});
