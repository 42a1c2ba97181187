import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDecoder } from '../../src/decode/decoder.ts';
import { type FalcoDouble, startFalco } from '../support/falco-double.ts';
import { decodeResponse, encodeResponse, numbered, responseOfJson, timeOf } from '../support/falco-messages.ts';
import { runGrpcSource, type SourceRun } from '../support/source-run.ts';
import { until } from '../support/until.ts';
import { receive, send, wireRequests } from './http/rig.ts';

/**
 * What is known of Falco's outputs and holds for every consumer of them, point by point. The double behaves as a real Falco
 * was seen to; its own tests say so. What is particular to a part of ours is tested beside that part.
 */

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const pushRange = (falco: FalcoDouble, from: number, to: number) => falco.push(...range(from, to).map(numbered));
const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

let falco: FalcoDouble;
let runs: SourceRun[];
const run = (...args: Parameters<typeof runGrpcSource>) => {
  const started = runGrpcSource(...args);
  runs.push(started);
  return started;
};
beforeEach(async () => {
  falco = await startFalco();
  runs = [];
});
afterEach(() => {
  for (const started of runs) started.unsubscribe();
  falco.dispose();
});

describe('gRPC', () => {
  test('1. one queue, competing consumers: two subscribers share the events between them', async () => {
    const [one, other] = [run(falco.url), run(falco.url)];
    await Promise.all([one.connected(), other.connected()]);
    for (let n = 0; n < 1_000; n += 20) {
      pushRange(falco, n, n + 20);
      await until(() => falco.queued === 0);
    }
    await until(() => one.records.length + other.records.length === 1_000);
    expect(sorted([...one.numbers, ...other.numbers])).toEqual(range(0, 1_000));
    expect(one.records.length).toBeGreaterThan(0);
    expect(other.records.length).toBeGreaterThan(0);
  });

  test('2. a pull: it goes on asking while the queue is empty, which answers nothing', async () => {
    const source = run(falco.url);
    await until(() => falco.requests > 5);
    expect(source.records).toEqual([]);
    pushRange(falco, 0, 3);
    await until(() => source.records.length === 3);
  });

  test('2. one request is not a subscription: what comes later comes too, on the same stream', async () => {
    const source = run(falco.url);
    for (let n = 0; n < 10; n += 1) {
      pushRange(falco, n, n + 1);
      await until(() => source.records.length === n + 1);
    }
    expect(source.numbers).toEqual(range(0, 10));
    expect(falco.streams).toBe(1);
  });

  test('3. Falco’s queue has no bound: a backlog leaves it whole, without a pause', async () => {
    pushRange(falco, 0, 15_000);
    const source = run(falco.url);
    await until(() => source.records.length === 15_000);
    expect(falco.queued).toBe(0);
  });

  test('4. an end with OK is Falco stopping: what comes after is a new Falco, and a gap lies between', async () => {
    const source = run(falco.url);
    pushRange(falco, 1, 2);
    await until(() => source.numbers.length === 1);
    await falco.stop();
    await until(() => source.log.some(({ reason }) => reason === 'socket-missing'));
    await falco.start();
    pushRange(falco, 9, 10);
    await until(() => source.numbers.length === 2);
    expect(source.log.flatMap(({ reason }) => reason ?? [])).toEqual(['falco-stopped', 'socket-missing']);
    expect(source.gaps).toEqual([{ type: 'gap', cause: 'disconnect', from: timeOf(1), to: timeOf(9) }]);
  });

  test('4. a killed Falco leaves a stale socket: the next one at the path is connected to', async () => {
    const source = run(falco.url);
    await source.connected();
    await until(() => falco.streams === 1);
    falco.kill();
    await until(() => source.log.some(({ reason }) => reason === 'socket-stale'));
    await falco.start();
    await source.connected(2);
    expect(source.log.flatMap(({ reason }) => reason ?? [])).toEqual(['connection-lost', 'socket-stale']);
  });

  test('seen: a Falco that stops waits for idle clients to ask, so it is asked', async () => {
    const source = run(falco.url);
    await source.connected();
    await until(() => falco.streams === 1);
    // With a client that does not poll this never settles.
    await falco.stop();
    expect(source.log[1]?.reason).toBe('falco-stopped');
  });

  test('seen: cancelling loses what is under way, so a clean stop asks no more, waits, and then cancels', async () => {
    pushRange(falco, 0, 20_000);
    const source = run(falco.url, { drainMs: 10_000 });
    await until(() => source.records.length > 100, { everyMs: 0 });
    await source.stop();
    expect(source.numbers).toEqual(range(0, 20_000 - falco.queued));
    expect(source.gaps).toEqual([]);
    await until(() => falco.streams === 0);
  });

  test('7. Falco’s own losses are a gap in their place', async () => {
    const source = run(falco.url);
    const drop = encodeResponse({
      time: { seconds: Number(timeOf(2) / 1_000_000_000n) },
      priority: 'DEBUG',
      rule: 'Falco internal: syscall event drop',
      source: 'internal',
      hostname: 'vm',
      output_fields: { n_drops: '207971', n_evts: '307726' },
    });
    falco.push(numbered(1), drop, numbered(3));
    await until(() => source.records.length === 3);
    const decode = createDecoder();
    expect(source.records.map((record) => decode(record))).toMatchObject([
      { type: 'event' },
      { type: 'gap', cause: 'falco-drop', from: timeOf(1), to: timeOf(2), lost: 207_971 },
      { type: 'event' },
    ]);
  });
});

describe('the event', () => {
  const decode = createDecoder();
  const time = { seconds: 1_795_395_948, nanos: 569_113_045 };

  test('seen: 0 is the most severe priority and proto3’s default', () => {
    const bytes = encodeResponse({ time, rule: 'r', priority: 0 });
    expect(decode({ type: 'proto', bytes })).toMatchObject({ priority: 'emergency' });
  });

  test('seen: evt.time in the fields is a time of day by gRPC and a number by JSON: neither is used', () => {
    const fields = { 'evt.time': '01:05:48.569113045', 'evt.rawtime': '1' };
    const bytes = encodeResponse({ time, rule: 'r', output_fields: fields });
    expect(decode({ type: 'proto', bytes })).toMatchObject({ time: 1_795_395_948_569_113_045n });
  });

  test('seen: the order of fields is random by gRPC, and means nothing', () => {
    const bytes = responseOfJson(wireRequests[0]?.body as string);
    const message = decodeResponse(bytes);
    const reversed = Object.fromEntries(Object.entries(message.output_fields).reverse());
    const shuffled = encodeResponse({ ...message, output_fields: reversed });
    expect(shuffled).not.toEqual(bytes);
    expect(decode({ type: 'proto', bytes: shuffled })).toEqual(decode({ type: 'proto', bytes }));
  });

  test('seen: command lines hold newlines, users outside of logins are -1, refused connects have no name', () => {
    const fields = { 'proc.pid': '7', 'proc.cmdline': 'sh -c a\nb', 'user.uid': '-1', 'fd.name': '', 'fd.sip': '<NA>' };
    const event = decode({ type: 'proto', bytes: encodeResponse({ time, rule: 'r', output_fields: fields }) });
    expect(event).toMatchObject({ process: { cmdline: 'sh -c a\nb', uid: -1 } });
    expect('fd' in event).toBe(false);
  });
});

describe('HTTP', () => {
  test('Falcosidekick’s webhook sends the same, with an id that tells what came twice', async () => {
    const receiver = receive();
    const origin = await receiver.listening();
    const { body } = wireRequests[0] as (typeof wireRequests)[number];
    const sidekick = JSON.stringify({ uuid: 'a7a6d2ba-9d8c-4b8d-b0a7-e1b3f0f3a001', ...JSON.parse(body) });
    for (const each of [body, sidekick, sidekick]) expect((await send(origin, each)).status).toBe(202);
    receiver.stop();
    await receiver.done;
    expect(receiver.records.map((record) => record.type === 'json' && record.text)).toEqual([body, sidekick]);
  });

  test('one keep-alive connection carries thousands of events, in their order', async () => {
    const receiver = receive();
    const origin = await receiver.listening();
    const bodies = range(0, 2_000).map(
      (n) => `{"rule":"r","output_fields":{"evt.num":${n}},"time":"2026-11-23T01:00:00Z"}`,
    );
    for (const body of bodies) await send(origin, body);
    receiver.stop();
    await receiver.done;
    expect(receiver.records).toEqual(bodies.map((text) => ({ type: 'json', text })));
    expect(await receiver.outcome('accepted')).toBe(2_000);
  });
});
