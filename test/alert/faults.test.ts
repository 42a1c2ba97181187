import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertmanagerSinks } from '../../src/alert/alertmanager.ts';
import { alertConfig } from '../../src/alert/config.ts';
import { deliver } from '../../src/alert/deliver.ts';
import { openSpool } from '../../src/alert/spool/open.ts';
import type { Spool } from '../../src/alert/spool/spool.ts';
import type { Alert, Receipt } from '../../src/model/alert.ts';
import type { Tick } from '../../src/model/flow.ts';
import { ManualClock } from '../../src/platform/clock.ts';
import { createRegistry, type Registry } from '../../src/platform/metrics.ts';
import { expectCounted, fault } from '../faults/fault.ts';
import { until } from '../support/until.ts';
import { hang, reset, Stub, status } from './stub.ts';
import { anAlert, at } from './timeline.ts';

const ALERTS = 200;
const MINUTES = 10;

let stub: Stub;
let clock: ManualClock;
let folder: string;
let log: string[];
let registry: Registry;
let health: boolean[];
let counts: Record<Receipt['outcome'], number>;
let spool: Spool | undefined;
let source: Subject<Alert | Tick>;
let ended: Promise<void>;

/** Delivery as the program has it, with a spool. */
const start = async (alertmanagers: readonly string[], over: object = {}) => {
  log = [];
  counts = { delivered: 0, dropped: 0, rejected: 0 };
  source = new Subject();
  registry = createRegistry();
  const deps = { log: pino({}, { write: (line) => log.push(JSON.parse(line).msg) }), clock, registry };
  const config = alertConfig.parse({ alertmanagers, minFiringMs: 1, ...over });
  const sinks = alertmanagerSinks(config, deps);
  const names = sinks.map(({ name }) => name);
  const noteHealth = (ready: boolean) => health.push(ready);
  spool = await openSpool(
    { folder: join(folder, 'alerts') },
    { capacity: 10_000, sinks: names },
    { ...deps, health: noteHealth },
  );
  ended = new Promise((complete) => {
    source.pipe(deliver(sinks, config.flushMs, spool)).subscribe({
      next: ({ outcome, count }) => {
        counts[outcome] += count;
      },
      complete,
    });
  });
};
const end = async () => {
  source.complete();
  const closing = ended.then(() => spool?.close());
  await until(() => Promise.race([closing.then(() => true), advance(1_000)]));
};
/** Moves time on and lets what it set off happen. */
const advance = async (durationMs: number): Promise<false> => {
  clock.advance(durationMs);
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  return false;
};

beforeEach(async () => {
  stub = await new Stub().start();
  clock = new ManualClock(at(3_600));
  folder = mkdtempSync(join(tmpdir(), 'creance-faults-'));
  health = [];
});
afterEach(async () => {
  await end();
  await stub.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('an Alertmanager that for ten minutes', () => {
  it.each([
    ['answers 500', fault('alertmanager-refuses'), status(500)],
    ['asks for patience', fault('alertmanager-refuses'), status(503, { 'retry-after': '15' })],
    ['hangs', fault('alertmanager-hangs'), hang],
    ['resets connections', fault('alertmanager-resets'), reset],
  ])(
    '%s costs no alert and two lines of log',
    async (_, row, answer) => {
      await start([stub.url]);
      stub.always = answer;
      for (let second = 0; second < MINUTES * 60; second++) {
        if (second % 3 === 0) source.next(anAlert(`r${second / 3}`));
        await advance(1_000);
      }
      expect(counts).toEqual({ delivered: 0, dropped: 0, rejected: 0 });
      // Tried on all the while, and no faster than the backoff allows.
      expect(stub.requests.length).toBeGreaterThan(10);
      expect(stub.requests.length).toBeLessThan(80);
      expect(log).toEqual(row.log.slice(0, 1));
      stub.always = status(200);
      await until(async () => (await advance(5_000)) || counts.delivered === ALERTS);
      expect(counts).toEqual({ delivered: ALERTS, dropped: row.lost.count, rejected: 0 });
      expect(log).toEqual(row.log);
      expect(health).toEqual([row.readyz.ready]);
      expectCounted(row, await registry.metrics());
    },
    60_000,
  );

  it('answers nothing at all, and whose creance is stopped meanwhile, gets everything from the next', async () => {
    const row = fault('stopped-undelivered');
    await start([stub.url], { flushMs: 1_000 });
    stub.always = hang;
    for (let n = 0; n < ALERTS; n++) source.next(anAlert(`r${n}`, { endsAt: at(n) }));
    await until(() => stub.requests.length === 1);
    await end();
    expect(counts).toEqual({ delivered: 0, dropped: ALERTS, rejected: 0 });
    expect(log).toEqual(row.log);
    expectCounted(row, await registry.metrics());
    stub.always = status(200);
    await start([stub.url]);
    await until(() => counts.delivered === ALERTS - row.lost.count);
    await end();
    await start([stub.url]);
    expect(spool?.pendingFor({ name: stub.host, repeats: true })).toEqual([]);
  });
});

it('of two Alertmanagers one that is dead holds the other not up, and gets all when it is back', async () => {
  const sockets = new Set<Socket>();
  const dead = createServer((socket) => sockets.add(socket).size && socket.on('error', () => {})).listen(
    0,
    '127.0.0.1',
  );
  await until(() => dead.listening);
  const { port } = dead.address() as { port: number };
  await start([stub.url, `http://127.0.0.1:${port}`]);
  for (let n = 0; n < ALERTS; n++) source.next(anAlert(`r${n}`));
  await until(() => counts.delivered === ALERTS);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => dead.close(resolve));
  const row = fault('alertmanager-one-dead');
  expect(counts.dropped).toBe(row.lost.count);
  await until(() => log.length > 0);
  expect(log).toEqual(row.log.slice(0, 1));
  expectCounted(row, await registry.metrics());
  // The second is kept for it, even if we end before.
  expect(spool?.pendingFor({ name: `127.0.0.1:${port}` })).toHaveLength(ALERTS);
});
