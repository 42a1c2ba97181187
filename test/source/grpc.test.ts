import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FalcoDouble, startFalco } from '../support/falco-double.ts';
import { numbered } from '../support/falco-messages.ts';
import { runGrpcSource, type SourceRun } from '../support/source-run.ts';
import { until } from '../support/until.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const pushRange = (falco: FalcoDouble, from: number, to: number) => falco.push(...range(from, to).map(numbered));

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

describe('asking', () => {
  test('brings events in the order of the queue, as the bytes that came', async () => {
    pushRange(falco, 0, 500);
    const source = run(falco.url);
    await until(() => source.records.length === 500);
    expect(source.numbers).toEqual(range(0, 500));
    expect(source.records[7]).toEqual({ type: 'proto', bytes: numbered(7) });
    expect(await source.metric('creance_source_records_total', { transport: 'grpc' })).toBe(500);
  });
});

describe('greeting', () => {
  test('tells which Falco it is', async () => {
    const source = run(falco.url);
    await source.connected();
    const labels = { version: '0.43.1', engine_version: '0.58.0', transport: 'grpc' };
    expect(await source.metric('creance_falco_info', labels)).toBe(1);
    expect(await source.metric('creance_source_connected')).toBe(1);
    expect(source.health).toEqual([{ ready: true, detail: expect.stringContaining('Falco 0.43.1') }]);
    expect(source.log.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^Connected to Falco 0\.43\.1 at \/.*\/falco\.sock$/),
    ]);
  });

  test('a Falco that does not tell its version is good enough', async () => {
    falco.dispose();
    falco = await startFalco({ version: undefined });
    pushRange(falco, 0, 2);
    const source = run(falco.url);
    await until(() => source.records.length === 2);
    expect(source.log[0]?.msg).toMatch(/does not tell its version: UNIMPLEMENTED/);
  });
});

describe('stopping', () => {
  test('sends no request any more', async () => {
    const source = run(falco.url, { maxPollMs: 2 });
    await until(() => falco.requests > 3);
    const stopped = source.stop();
    pushRange(falco, 0, 1);
    const { requests } = falco;
    await stopped;
    expect(falco.requests - requests).toBeLessThanOrEqual(1);
  });

  test('does not wait for a Falco that is not there', async () => {
    const source = run('unix:///nowhere/falco.sock', { reconnectMinMs: 60_000, reconnectMaxMs: 60_000 });
    await until(() => source.health.length === 1);
    await source.stop();
    expect(source.records).toEqual([]);
  });

  test('events that still come when the patience ends are a gap', async () => {
    const source = run(falco.url, { drainMs: 1 });
    await source.connected();
    pushRange(falco, 0, 20_000);
    await until(() => source.records.length > 100, { everyMs: 0 });
    await source.stop();
    expect(source.records.length).toBeLessThan(20_000);
    expect(source.gaps).toHaveLength(1);
  });

  test('unsubscribing cancels at once', async () => {
    const source = run(falco.url);
    await source.connected();
    await until(() => falco.streams === 1);
    source.unsubscribe();
    await until(() => falco.streams === 0);
    expect(source.completed).toBe(false);
  });
});

describe('settings with which nothing can ever work', () => {
  test.each([
    ['ftp://falco:5060', {}, /source\.url: ftp:\/\/falco:5060/],
    ['https://falco', {}, /source\.grpc\.tls\.cert, source\.grpc\.tls\.key, source\.grpc\.tls\.ca must be set/],
    ['https://falco', { tls: { cert: 'a', key: 'b' } }, /^source\.grpc\.tls\.ca must be set/],
  ])('%s', (url, grpc, message) => {
    expect((run(url, grpc).error as Error).message).toMatch(message);
  });
});
