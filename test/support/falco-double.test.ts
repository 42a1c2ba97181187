import { Client, type ClientDuplexStream, credentials, type StatusObject, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { subMethod } from '../../src/source/grpc/falco-api.ts';
import { type FalcoDouble, startFalco } from './falco-double.ts';
import { numbered, numberOf, outputsService } from './falco-messages.ts';
import { until } from './until.ts';

/** The stand-in must do what was seen on a real Falco 0.43.1, or the tests that use it prove nothing. */

let falco: FalcoDouble;
let clients: Client[];

beforeEach(async () => {
  falco = await startFalco();
  clients = [];
});
afterEach(() => {
  for (const client of clients) client.close();
  falco.dispose();
});

const connect = () => {
  const client = new Client(falco.url, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  clients.push(client);
  return client;
};

/** A bare subscriber that asks only when told. */
const subscribe = () => {
  const { path, requestSerialize, responseDeserialize } = subMethod;
  const call: ClientDuplexStream<object, Buffer> = connect().makeBidiStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
  );
  const seen = { call, numbers: [] as number[], headers: false, status: undefined as StatusObject | undefined };
  call.on('data', (bytes: Buffer) => void seen.numbers.push(numberOf(bytes)));
  call.on('metadata', () => {
    seen.headers = true;
  });
  call.on('status', (final: StatusObject) => {
    seen.status = final;
  });
  call.on('error', () => {});
  return seen;
};

test('an empty queue is answered with nothing, not even headers; later events wait for the next request', async () => {
  const { call, ...seen } = subscribe();
  call.write({});
  await until(() => falco.requests === 1);
  falco.push(numbered(1));
  // Another call on another connection goes all the way there and back; had there been an answer, it would be here.
  const other = subscribe();
  other.call.write({});
  await until(() => other.numbers.length === 1);
  expect(seen).toMatchObject({ numbers: [], headers: false, status: undefined });
});

test('get drains and ends with OK', async () => {
  falco.push(numbered(1), numbered(2));
  const get = outputsService.get as unknown as typeof subMethod;
  const call = connect().makeServerStreamRequest(get.path, get.requestSerialize, subMethod.responseDeserialize, {});
  const numbers: number[] = [];
  call.on('data', (bytes: Buffer) => void numbers.push(numberOf(bytes)));
  const final = await new Promise<StatusObject>((resolve) => call.on('status', resolve));
  expect(numbers).toEqual([1, 2]);
  expect(final.code).toBe(status.OK);
});

test('half-closing drains once and then hangs', async () => {
  falco.push(numbered(1));
  const seen = subscribe();
  seen.call.end();
  await until(() => seen.numbers.length === 1);
  falco.push(numbered(2));
  expect(seen.status).toBeUndefined();
  expect(falco.queued).toBe(1);
  expect(falco.streams).toBe(1);
});

test('cancelling in the middle loses what was popped', async () => {
  falco.push(...Array.from({ length: 20_000 }, (_, n) => numbered(n)));
  const seen = subscribe();
  seen.call.on('data', () => seen.call.cancel());
  seen.call.write({});
  await until(() => falco.streams === 0 && seen.status);
  expect(falco.queued + seen.numbers.length).toBeLessThan(20_000);
});

describe('stopping', () => {
  test('ends a client that asks with OK, and one that is idle not at all', async () => {
    const [asking, idle] = [subscribe(), subscribe()];
    asking.call.write({});
    idle.call.write({});
    await until(() => falco.requests === 2);
    let stopped = false;
    const stopping = falco.stop().then(() => {
      stopped = true;
    });
    asking.call.write({});
    await until(() => asking.status);
    expect(asking.status?.code).toBe(status.OK);
    expect([idle.status, stopped]).toEqual([undefined, false]);
    idle.call.cancel();
    await stopping;
  });

  test('by force drops the connection', async () => {
    const seen = subscribe();
    seen.call.write({});
    await until(() => falco.requests === 1);
    falco.kill();
    await until(() => seen.status);
    expect(seen.status?.code).toBe(status.UNAVAILABLE);
  });
});
