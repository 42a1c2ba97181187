import { EventEmitter, getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/platform/clock.ts';
import { closeAll, isOverIn, listenForStop, overOrAborted } from '../../src/platform/lifecycle.ts';

const part = (name: string, order: string[], close: () => Promise<void> = async () => {}) => ({
  name,
  close: () => {
    order.push(name);
    return close();
  },
});

const never = () => new Promise<void>(() => {});

test('parts close one by one, last opened first', async () => {
  const order: string[] = [];
  const closed: string[] = [];
  const slow = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    closed.push('sink');
  };
  const source = async () => {
    expect(closed).toEqual(['sink']);
  };
  expect(await closeAll([part('source', order, source), part('sink', order, slow)], { graceMs: 1_000 })).toEqual([]);
  expect(order).toEqual(['sink', 'source']);
});

test('a part that fails is named, and the rest close all the same', async () => {
  const order: string[] = [];
  const fails = async () => {
    throw new Error('disk full');
  };
  const failures = await closeAll([part('server', order), part('store', order, fails)], { graceMs: 1_000 });
  expect(failures).toEqual([{ name: 'store', reason: 'disk full' }]);
  expect(order).toEqual(['store', 'server']);
});

test('past the deadline the rest are told to close, and those that are late are named', async () => {
  const order: string[] = [];
  const clock = new ManualClock();
  const parts = [part('server', order), part('stuck too', order, never), part('stuck', order, never)];
  const closing = closeAll(parts, { graceMs: 1_000, clock });
  clock.advance(999);
  expect(order).toEqual(['stuck']);
  clock.advance(1);
  expect(await closing).toEqual([
    { name: 'stuck', reason: 'did not close within 1000 ms' },
    { name: 'stuck too', reason: 'was not waited for' },
    { name: 'server', reason: 'was not waited for' },
  ]);
  expect(order).toEqual(['stuck', 'stuck too', 'server']);
});

test('the first signal aborts, a second exits with the code of its own', () => {
  const signals = new EventEmitter();
  const exits: number[] = [];
  const { signal, dispose } = listenForStop(signals, (code) => exits.push(code));
  expect(signal.aborted).toBe(false);
  signals.emit('SIGINT');
  expect([signal.aborted, signal.reason, exits]).toEqual([true, 'SIGINT', []]);
  signals.emit('SIGTERM');
  expect(exits).toEqual([143]);
  dispose();
  expect(signals.eventNames()).toEqual([]);
});

test('a stop from inside leaves the first signal as the second', () => {
  const signals = new EventEmitter();
  const exits: number[] = [];
  const { signal, stop } = listenForStop(signals, (code) => exits.push(code));
  stop('standard output is closed');
  signals.emit('SIGINT');
  expect([signal.reason, exits]).toEqual(['standard output is closed', [130]]);
});

test('work is waited for until the signal aborts, which is then listened to no more', async () => {
  const stop = new AbortController();
  await overOrAborted(Promise.resolve(), stop.signal);
  await expect(overOrAborted(Promise.reject(new Error('why')), stop.signal)).rejects.toThrow('why');
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  const waiting = overOrAborted(never(), stop.signal);
  stop.abort();
  await waiting;
  await overOrAborted(never(), stop.signal);
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

test('work is waited for as long as it may take, or until the signal aborts', async () => {
  const clock = new ManualClock();
  expect(await isOverIn(Promise.resolve(), { clock, limitMs: 1_000 })).toBe(true);
  await expect(isOverIn(Promise.reject(new Error('why')), { clock, limitMs: 1_000 })).rejects.toThrow('why');
  const late = isOverIn(never(), { clock, limitMs: 1_000 });
  clock.advance(1_000);
  expect(await late).toBe(false);
  const stop = new AbortController();
  const stopped = isOverIn(never(), { clock, limitMs: 1_000, signal: stop.signal });
  stop.abort();
  expect(await stopped).toBe(false);
});
