import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertmanagerSinks } from '../../src/alert/alertmanager.ts';
import { type AlertConfig, alertConfig } from '../../src/alert/config.ts';
import type { Sink } from '../../src/alert/sink.ts';
import type { Receipt } from '../../src/model/alert.ts';
import { toIso } from '../../src/model/time.ts';
import { ManualClock } from '../../src/platform/clock.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { expectCounted, expectLog, fault } from '../faults/fault.ts';
import { freePort } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { hang, reset, Stub, status } from './stub.ts';
import { anAlert, at } from './timeline.ts';

let stub: Stub;
let clock: ManualClock;
let sink: Sink;
let receipts: Receipt[];
let log: { level: number; msg: string; [key: string]: unknown }[];
let registry: ReturnType<typeof createRegistry>;

const open = (over: Partial<AlertConfig> = {}, url = stub.url): Sink => {
  clock = new ManualClock(at(3_600));
  receipts = [];
  log = [];
  registry = createRegistry();
  const logger = pino({ level: 'info' }, { write: (line) => log.push(JSON.parse(line)) });
  const config = alertConfig.parse({ alertmanagers: [url], minFiringMs: 1, ...over });
  sink = alertmanagerSinks(config, { log: logger, clock, registry })[0] as Sink;
  sink.open((receipt) => receipts.push(receipt));
  return sink;
};

const metric = async (name: string): Promise<number | undefined> => {
  const { values = [] } = (await registry.getSingleMetric(`creance_alertmanager_${name}`)?.get()) ?? {};
  return values[0]?.value;
};
const outcomes = () => receipts.map(({ outcome, count }) => `${outcome} ${count}`);
const delivered = (count: number) =>
  until(() => receipts.reduce((sum, { outcome, count }) => sum + (outcome === 'delivered' ? count : 0), 0) >= count);
/** Moves time on, in steps, until the condition holds: what waits for a timer may not have set it yet. */
const advanceUntil = (condition: () => boolean, stepMs: number) =>
  until(() => {
    if (!condition()) clock.advance(stepMs);
    return condition();
  });

beforeEach(async () => {
  stub = await new Stub().start();
});
afterEach(async () => {
  const closed = sink.close(0);
  clock.advance(1);
  await closed;
  await stub.stop();
});

describe('AlertmanagerSink, as it should go', () => {
  it('posts what comes at once in one request, firing alerts with an end that lies ahead', async () => {
    open();
    sink.take(anAlert('a', { generatorURL: 'https://github.com/acme/shop/actions/runs/1' }));
    sink.take(anAlert('b'));
    await delivered(2);
    expect(stub.requests).toEqual([
      {
        path: '/api/v2/alerts',
        authorization: undefined,
        alerts: [
          {
            ...{ labels: anAlert('a').labels, annotations: { summary: 'it was a' } },
            startsAt: '2026-03-01T12:00:00.000Z',
            endsAt: '2026-03-01T13:04:00.000Z',
            generatorURL: 'https://github.com/acme/shop/actions/runs/1',
          },
          expect.objectContaining({ labels: anAlert('b').labels }),
        ],
      },
    ]);
    expect(outcomes()).toEqual(['delivered 2']);
    expect(receipts[0]?.sink).toBe(stub.host);
  });

  it('cuts batches, one request in flight, and counts what it does', async () => {
    open({ batchSize: 2, queueCapacity: 50 });
    for (const rule of 'abcde') sink.take(anAlert(rule));
    expect(await metric('queue_length')).toBe(5);
    await delivered(5);
    expect(stub.rules).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(stub.maxInFlight).toBe(1);
    expect(await metric('sent_total')).toBe(5);
    expect(await metric('queue_capacity')).toBe(50);
    await until(async () => (await metric('queue_length')) === 0);
  });

  it('sends again what fires, at the interval, and reports it once', async () => {
    open();
    sink.take(anAlert('a'));
    await delivered(1);
    for (const sent of [2, 3]) {
      clock.advance(60_000);
      await until(() => stub.requests.length === sent);
    }
    expect(stub.requests.map(({ alerts }) => alerts[0]?.endsAt.slice(11, 16))).toEqual(['13:04', '13:05', '13:06']);
    await until(async () => (await metric('sent_total')) === 3);
    expect(outcomes()).toEqual(['delivered 1']);
  });

  it('repeats what has been resolved for a while, then forgets it', async () => {
    open({ resolveRepeatMs: 120_000 });
    sink.take(anAlert('a'));
    await delivered(1);
    clock.advance(1_000);
    sink.take(anAlert('a', { endsAt: at(60) }));
    await delivered(2);
    for (const sent of [3, 4]) {
      clock.advance(60_000);
      await until(() => stub.requests.length === sent);
    }
    sink.take(anAlert('mark'));
    await delivered(3);
    clock.advance(60_000);
    await until(() => stub.requests.length === 6);
    expect(stub.rules).toEqual([['a'], ['a'], ['a'], ['a'], ['mark'], ['mark']]);
    expect(stub.requests[1]?.alerts[0]).toMatchObject({ endsAt: toIso(at(60)) });
  });

  it('sends only the newest state of an alert that waits', async () => {
    open();
    stub.next.push(hang);
    sink.take(anAlert('first'));
    await until(() => stub.requests.length === 1);
    sink.take(anAlert('a', { annotations: { summary: 'old' } }));
    sink.take(anAlert('a', { annotations: { summary: 'new' } }));
    clock.advance(10_000);
    await advanceUntil(() => stub.requests.length === 2, 500);
    expect(stub.rules[1]).toEqual(['first', 'a']);
    expect(stub.requests[1]?.alerts[1]?.annotations).toEqual({ summary: 'new' });
  });

  it('sends a state that came while an older one was on its way', async () => {
    open();
    const held: (() => void)[] = [];
    stub.next.push((response) => held.push(() => response.end()));
    sink.take(anAlert('a'));
    await until(() => held.length === 1);
    sink.take(anAlert('a', { annotations: { summary: 'new' } }));
    held[0]?.();
    await delivered(1);
    expect(stub.requests.map(({ alerts }) => alerts[0]?.annotations.summary)).toEqual(['it was a', 'new']);
  });

  it('lets an alert fire for the least time, and ends it in time even without another word', async () => {
    open({ minFiringMs: 300_000 });
    sink.take(anAlert('a'));
    sink.take(anAlert('a', { endsAt: at(1) }));
    await delivered(1);
    expect(stub.requests[0]?.alerts[0]).toMatchObject({ endsAt: '2026-03-01T13:05:00.000Z' });
  });

  it('uses the credentials and the path prefix of the URL, and names neither', async () => {
    open({}, `http://bob:hunter%402@${stub.host}/prefix/`);
    stub.next.push(status(500));
    sink.take(anAlert('a'));
    await advanceUntil(() => stub.requests.length === 2, 500);
    await delivered(1);
    expect(stub.requests[0]).toMatchObject({
      path: '/prefix/api/v2/alerts',
      authorization: `Basic ${Buffer.from('bob:hunter@2').toString('base64')}`,
    });
    expect(log.length).toBeGreaterThan(0);
    expect(`${JSON.stringify(log)}${JSON.stringify(receipts)}${await registry.metrics()}`).not.toMatch(/hunter|bob/);
  });
});

describe('AlertmanagerSink, when Alertmanager fails', () => {
  it.each([
    ['500', status(500)],
    ['503', status(503)],
    ['429', status(429)],
    ['a reset connection', reset],
  ])('tries again after %s, and says so once', async (_, answer) => {
    open();
    stub.next.push(answer, answer);
    sink.take(anAlert('a'));
    await advanceUntil(() => stub.requests.length === 3, 250);
    await delivered(1);
    expect(await metric('errors_total')).toBe(2);
    expect(outcomes()).toEqual(['delivered 1']);
    expect(log.map(({ msg }) => msg)).toEqual(fault('alertmanager-refuses').log);
  });

  it('gives a request up after its time-out', async () => {
    open({ timeoutMs: 5_000 });
    stub.next.push(hang);
    sink.take(anAlert('a'));
    await until(() => stub.requests.length === 1);
    clock.advance(4_999);
    expect(stub.inFlight).toBe(1);
    clock.advance(1);
    await until(() => stub.inFlight === 0);
    await advanceUntil(() => stub.requests.length === 2, 250);
    await delivered(1);
    expect(log[0]).toMatchObject({ reason: 'no answer in time' });
  });

  it('waits as long as Retry-After asks, but no longer than the interval of re-sending', async () => {
    open({ resendMs: 30_000 });
    stub.next.push(status(429, { 'retry-after': '20' }), status(503, { 'retry-after': '86400' }));
    sink.take(anAlert('a'));
    await until(() => log.length === 1);
    clock.advance(19_000);
    expect(stub.requests).toHaveLength(1);
    clock.advance(1_000);
    await until(() => stub.requests.length === 2);
    await until(async () => (await metric('errors_total')) === 2);
    await advanceUntil(() => stub.requests.length === 3, 30_000);
    await delivered(1);
    expect(clock.now()).toBeLessThan(at(3_600 + 24 * 3_600));
  });

  it('finds the bad alert of a refused batch, drops it, and keeps the good ones', async () => {
    open();
    stub.always = (response, request) =>
      request.alerts.some(({ labels }) => labels.rule === 'bad')
        ? status(400, {}, 'bad alert \u001b[31m\n'.repeat(1_000))(response, request)
        : status(200)(response, request);
    for (const rule of ['a', 'bad', 'c', 'd']) sink.take(anAlert(rule));
    await delivered(3);
    expect(stub.rules).toEqual([['a', 'bad', 'c', 'd'], ['a', 'bad'], ['a'], ['bad'], ['c', 'd']]);
    expect(outcomes()).toEqual(['delivered 1', 'rejected 1', 'delivered 2']);
    const row = fault('alertmanager-refuses-one');
    expect(await metric('rejected_total')).toBe(row.lost.count);
    expect(log.map(({ msg }) => msg)).toEqual(row.log);
    expect(log[0]?.reason).not.toMatch(/[\n\u001b]/);
    expect(String(log[0]?.reason).length).toBeLessThanOrEqual(512);
    clock.advance(60_000);
    await until(() => stub.requests.length === 6);
    expect(stub.rules[5]).toEqual(['a', 'c', 'd']);
  });

  it('does not insist where it is not let in, and tries again at the next interval', async () => {
    open();
    stub.next.push(status(401, {}, 'who are you'));
    sink.take(anAlert('a'));
    await until(() => log.length === 1);
    const row = fault('alertmanager-locked');
    clock.advance(60_000);
    await delivered(1 - row.lost.count);
    expect(stub.requests).toHaveLength(2);
    expect(outcomes()).toEqual(['delivered 1']);
    expect(await metric('errors_total')).toBe(1);
    expectLog(row, log);
    expectCounted(row, await registry.metrics());
  });

  it('drops the oldest alerts of a full queue, counts them, and says so once', async () => {
    const port = await freePort();
    open({ queueCapacity: 3 }, `http://127.0.0.1:${port}`);
    for (const rule of 'abcde') sink.take(anAlert(rule));
    await until(() => log.length === 1);
    for (const rule of 'fgh') sink.take(anAlert(rule));
    expect(outcomes()).toEqual(Array(5).fill('dropped 1'));
    expect(await metric('dropped_total')).toBe(5);
    expect(await metric('queue_length')).toBe(3);
    const closed = sink.close(1_000);
    await advanceUntil(() => receipts.length === 6, 500);
    await closed;
    expect(outcomes().at(-1)).toBe('dropped 3');
    expect(await metric('dropped_total')).toBe(8);
    expect(log.filter(({ lost }) => lost !== undefined).map(({ lost }) => lost)).toEqual([5, 3]);
    const row = fault('alert-queue-full');
    expect(log.find(({ lost }) => lost === row.lost.count)?.msg).toBe(row.log[0]);
  });

  it('makes room by forgetting repetitions of resolved alerts first', async () => {
    open({ queueCapacity: 2 });
    sink.take(anAlert('a'));
    sink.take(anAlert('b'));
    await delivered(2);
    clock.advance(1_000);
    sink.take(anAlert('b', { endsAt: at(5) }));
    await delivered(3);
    sink.take(anAlert('c'));
    await delivered(4);
    clock.advance(60_000);
    await until(() => stub.requests.length === 4);
    expect(stub.rules[3]).toEqual(['a', 'c']);
    expect(await metric('dropped_total')).toBeUndefined();
  });
});

describe('AlertmanagerSink, in its accounts', () => {
  const accounts = async () =>
    Object.fromEntries(
      await Promise.all(
        ['taken', 'delivered', 'superseded', 'dropped', 'rejected', 'forgotten'].map(async (name) => [
          name,
          (await metric(`${name}_total`)) ?? 0,
        ]),
      ),
    );

  it('counts each state once, whatever becomes of it', async () => {
    open({ queueCapacity: 3 });
    stub.next.push(status(503));
    for (const rule of ['a', 'a', 'b', 'bad']) sink.take(anAlert(rule));
    await until(() => log.length === 1);
    expect(await accounts()).toMatchObject({ taken: 4, delivered: 0, superseded: 1 });
    stub.always = (response, request) =>
      status(request.alerts.some(({ labels }) => labels.rule === 'bad') ? 400 : 200)(response, request);
    await advanceUntil(() => outcomes().includes('rejected 1'), 500);
    expect(await accounts()).toMatchObject({ taken: 4, delivered: 2, superseded: 1, rejected: 1 });
    stub.always = status(503);
    for (const rule of ['c', 'd', 'e', 'f']) sink.take(anAlert(rule));
    expect(await accounts()).toMatchObject({ taken: 8, delivered: 2, dropped: 1, forgotten: 2 });
    const closed = sink.close(500);
    await advanceUntil(() => outcomes().at(-1) === 'dropped 3', 500);
    await closed;
    expect(await accounts()).toEqual({
      ...{ taken: 8, delivered: 2, superseded: 1, rejected: 1, dropped: 4 },
      forgotten: 2,
    });
  });

  it('counts a repetition that is refused as no state', async () => {
    open();
    sink.take(anAlert('a'));
    await delivered(1);
    stub.always = status(400);
    clock.advance(60_000);
    await until(() => log.length === 1);
    expect(await accounts()).toMatchObject({ taken: 1, delivered: 1, rejected: 0 });
  });

  it('counts what was not let in until the end as dropped', async () => {
    open();
    stub.always = status(401);
    sink.take(anAlert('a'));
    await until(() => log.length === 1);
    await sink.close(1_000);
    expect(await accounts()).toMatchObject({ taken: 1, delivered: 0, rejected: 0, dropped: 1 });
  });
});

describe('AlertmanagerSink, when it closes', () => {
  it('delivers what is left, without waiting for the backoff', async () => {
    open();
    stub.next.push(status(500));
    sink.take(anAlert('a'));
    await until(() => log.length === 1);
    await sink.close(5_000);
    expect(outcomes()).toEqual(['delivered 1']);
  });

  it('gives up at the deadline and counts what was lost', async () => {
    open();
    stub.always = hang;
    sink.take(anAlert('a'));
    await until(() => stub.requests.length === 1);
    const closed = sink.close(5_000);
    clock.advance(5_000);
    await closed;
    expect(outcomes()).toEqual(['dropped 1']);
  });

  it('does not count a repetition as lost', async () => {
    open();
    sink.take(anAlert('a'));
    await delivered(1);
    stub.always = hang;
    clock.advance(60_000);
    await until(() => stub.requests.length === 2);
    const closed = sink.close(1_000);
    clock.advance(1_000);
    await closed;
    expect(outcomes()).toEqual(['delivered 1']);
  });

  it('reports what comes too late as dropped', async () => {
    open();
    await sink.close(1_000);
    sink.take(anAlert('late'));
    expect(outcomes()).toEqual(['dropped 1']);
  });
});
