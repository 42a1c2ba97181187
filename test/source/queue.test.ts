import { Agent } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { Subject, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Gap } from '../../src/model/flow.ts';
import type { RawRecord } from '../../src/model/record.ts';
import { ManualClock, systemClock } from '../../src/platform/clock.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { ManualTurn, type Turn } from '../../src/platform/turn.ts';
import { sourceConfig } from '../../src/source/config.ts';
import { httpSource } from '../../src/source/http.ts';
import { queued } from '../../src/source/queue.ts';
import { until } from '../support/until.ts';
import { send, wireRequests } from './http/rig.ts';

const SECOND = BigInt(Date.parse('2026-11-23T01:00:00Z')) * 1_000_000n;

const record = (call: string, nanos: number): RawRecord => ({
  type: 'json',
  text: `{"output_fields":{"evt.type":"${call}"},"rule":"r","tags":["creance"],"time":"2026-11-23T01:00:00.${String(nanos).padStart(9, '0')}Z"}`,
});

const rig = (capacity: number, turn: Turn) => {
  const config = sourceConfig.parse({ url: 'http://127.0.0.1:0/', queue: { capacity } });
  const registry = createRegistry();
  const stop = new AbortController();
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (text) => logged.push(JSON.parse(text).msg) });
  const health: { origin?: string; ended: boolean } = { ended: false };
  const onHealth = (ready: boolean, detail: string) => {
    if (ready) health.origin = /http:\/\/[^/]+/.exec(detail)?.[0] ?? '';
    else health.ended = true;
  };
  const deps = { log, clock: new ManualClock(5n), registry, stop: stop.signal, health: onHealth };
  const total = async (name: string) => {
    const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
    return values.reduce((sum, { value }) => sum + value, 0);
  };
  return {
    config,
    deps,
    operator: queued(config, deps, { turn }),
    registry,
    logged,
    total,
    health,
    stop: () => stop.abort(),
  };
};

/** What is in use after a collection of garbage. */
const heapBytes = (): number => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
};

describe('the queue between source and pipeline', () => {
  it('sheds exits for execs, and says what is missing', async () => {
    const manual = new ManualTurn();
    const { operator, logged, registry } = rig(3, manual.turn);
    const source = new Subject<RawRecord>();
    const seen: RawRecord[] = [];
    source.pipe(operator).subscribe((item) => seen.push(item));
    const [exit1, exec1, exit2, exec2, exec3] = ['procexit', 'execve', 'procexit', 'execve', 'execve'].map(record) as [
      RawRecord,
      RawRecord,
      RawRecord,
      RawRecord,
      RawRecord,
    ];
    for (const item of [exit1, exec1, exit2, exec2, exec3]) source.next(item);
    manual.run();
    const gap: Gap = { type: 'gap', cause: 'overflow', from: SECOND, to: SECOND + 2n, lost: 2 };
    expect(seen).toEqual([gap, exec1, exec2, exec3]);
    expect(logged).toEqual([
      'the queue to the pipeline is full: the least valuable records are shed',
      'the queue has room again',
    ]);
    const metrics = await registry.metrics();
    expect(metrics).toContain('creance_queue_shed_total{worth="read-or-exit"} 2');
    expect(metrics).toContain('creance_queue_received_total 5');
    expect(metrics).toContain('creance_queue_passed_total 3');
    expect(metrics).toContain('creance_queue_records 0');
    expect(metrics).toContain('creance_queue_capacity 3');
  });

  it('takes the present for the time of records that do not tell theirs', () => {
    const manual = new ManualTurn();
    const { operator } = rig(1, manual.turn);
    const source = new Subject<RawRecord>();
    const seen: RawRecord[] = [];
    source.pipe(operator).subscribe((item) => seen.push(item));
    source.next({ type: 'proto', bytes: new Uint8Array() });
    source.next({ type: 'json', text: '{}' });
    manual.run();
    expect(seen[0]).toEqual({ type: 'gap', cause: 'overflow', from: 5n, to: 5n, lost: 1 });
  });

  it('lets no rubbish displace an event: what could not be read goes first', () => {
    const manual = new ManualTurn();
    const { operator } = rig(3, manual.turn);
    const source = new Subject<RawRecord>();
    const seen: RawRecord[] = [];
    source.pipe(operator).subscribe((item) => seen.push(item));
    source.next(record('procexit', 1));
    for (let i = 0; i < 1_000; i++) source.next({ type: 'lost' });
    source.next(record('procexit', 2));
    source.next(record('procexit', 3));
    manual.run();
    expect(seen.map((item) => (item.type === 'gap' ? `${item.cause} ${item.lost}` : item.type))).toEqual([
      'json',
      'overflow 1000',
      'json',
      'json',
    ]);
  });

  it('lets a gap that is shed last on in the gap that takes its place', () => {
    const manual = new ManualTurn();
    const { operator } = rig(1, manual.turn);
    const source = new Subject<RawRecord>();
    const seen: RawRecord[] = [];
    source.pipe(operator).subscribe((item) => seen.push(item));
    source.next({ type: 'gap', cause: 'disconnect', from: 1n, to: 3n });
    source.next(record('execve', 0));
    manual.run();
    expect(seen[0]).toMatchObject({ cause: 'overflow', from: 1n, to: 3n });
  });

  it('keeps memory level and accounts exact while ten times too much comes over HTTP', async () => {
    const bodies = wireRequests.map(({ body }) => body);
    const manual = new ManualTurn();
    const { config, deps, operator, total, stop, health } = rig(500, manual.turn);
    let arrived = 0;
    let passed = 0;
    let lost = 0;
    const done = new Promise<void>((resolve, reject) => {
      const source = httpSource(config, { ...deps, clock: systemClock });
      // A turn takes 64 records, and there is one for every 640 that arrive.
      const arrivals = tap<RawRecord>(() => ++arrived % 640 === 0 && manual.run());
      source.pipe(arrivals, operator).subscribe({
        next: (item) => {
          if (item.type === 'gap') lost += item.lost ?? 0;
          else passed++;
        },
        error: reject,
        complete: resolve,
      });
    });
    const origin = await until(() => health.origin);
    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    const sendMany = async (count: number) => {
      for (let sent = 0; sent < count; sent += 500) {
        const burst = Array.from({ length: 500 }, (_, i) =>
          send(origin, bodies[(sent + i) % bodies.length] as string, { agent }),
        );
        for (const { status } of await Promise.all(burst)) expect(status).toBe(202);
      }
    };
    await sendMany(4_000);
    const before = heapBytes();
    await sendMany(8_000);
    // 22 MB have come; the queue holds 500 records of 2.7 KB.
    expect(heapBytes() - before).toBeLessThan(8_000_000);
    expect(await total('creance_queue_records')).toBe(500);
    stop();
    await until(() => manual.run() === 0 && health.ended);
    await done;
    agent.destroy();
    const shed = await total('creance_queue_shed_total');
    expect(await total('creance_queue_received_total')).toBe(12_000);
    expect(await total('creance_queue_passed_total')).toBe(passed);
    expect([passed + shed, lost]).toEqual([12_000, shed]);
    // A tenth of what came, and what was held at the end.
    expect(passed).toBeLessThan(1_200 + 500 + 64);
  });
});
