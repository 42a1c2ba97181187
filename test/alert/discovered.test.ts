import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DiscoveredSink } from '../../src/alert/discovered.ts';
import { createLookupMetrics } from '../../src/alert/http/metrics.ts';
import { srvNameOf } from '../../src/alert/http/srv.ts';
import { MemorySink } from '../../src/alert/memory.ts';
import { ManualClock } from '../../src/platform/clock.ts';
import { createRegistry, type Registry } from '../../src/platform/metrics.ts';
import { expectCounted, fault } from '../faults/fault.ts';
import { until } from '../support/until.ts';
import { anAlert, at } from './timeline.ts';

let clock: ManualClock;
let answer: readonly string[] | Error;
let made: Map<string, MemorySink>;
let log: string[];
let registry: Registry;
let receipts: string[];
let sink: DiscoveredSink;

beforeEach(() => {
  clock = new ManualClock(at(0));
  answer = [];
  made = new Map();
  log = [];
  registry = createRegistry();
  receipts = [];
  const srv = srvNameOf('dnssrv+https://bob:x@_web._tcp.am.monitoring.svc/prefix');
  if (!srv) throw new Error('no SRV name');
  sink = new DiscoveredSink(
    srv,
    { queueCapacity: 3 },
    {
      log: pino({}, { write: (line) => log.push(JSON.parse(line).msg) }),
      clock,
      metrics: createLookupMetrics(registry),
      resolve: async () => {
        if (answer instanceof Error) throw answer;
        return answer.map((name) => ({ name, port: 9093 }));
      },
      create: (url) => {
        const target = new MemorySink(url);
        made.set(url, target);
        return target;
      },
    },
  );
});
afterEach(() => sink.close(0));

const start = () => sink.open(({ outcome, count, sink: name }) => receipts.push(`${name} ${outcome} ${count}`));
const rules = () => [...made].map(([url, { alerts }]) => [url, alerts.map(({ labels }) => labels.rule).join('')]);
const a = 'https://bob:x@a:9093/prefix';
const b = 'https://bob:x@b:9093/prefix';

it('tells every receiver of the name, and one that joins of what fires', async () => {
  answer = ['a.'];
  start();
  await until(() => made.size === 1);
  sink.take(anAlert('1'));
  sink.take(anAlert('2'));
  sink.take(anAlert('1', { endsAt: at(1) }));
  answer = ['a.', 'b.'];
  clock.advance(30_000);
  await until(() => made.size === 2);
  sink.take(anAlert('3'));
  expect(rules()).toEqual([
    [a, '1213'],
    [b, '23'],
  ]);
  expect(receipts.every((text) => text === '_web._tcp.am.monitoring.svc delivered 1')).toBe(true);
});

it('keeps alerts until there is somebody to tell, no more than the queue holds', async () => {
  answer = new Error('queryA ENOTFOUND');
  start();
  await until(() => log.length === 1);
  for (const rule of '1234') sink.take(anAlert(rule));
  expect(receipts).toEqual(['_web._tcp.am.monitoring.svc dropped 1']);
  clock.advance(5_000);
  await until(() => true);
  answer = ['a.'];
  await until(() => {
    if (made.size === 0) clock.advance(5_000);
    return made.size === 1;
  });
  expect(rules()).toEqual([[a, '234']]);
  const row = fault('srv-unknown');
  expect(receipts.filter((text) => text.includes('dropped'))).toHaveLength(row.lost.count);
  expect(log).toEqual([row.log[0], 'an Alertmanager joined', row.log[1]]);
  expectCounted(row, await registry.metrics());
});

it('keeps those it knows while the name cannot be looked up, and lets those go that have left', async () => {
  answer = ['a', 'b'];
  start();
  await until(() => made.size === 2);
  answer = new Error('no DNS');
  clock.advance(30_000);
  await until(() => log.includes('cannot look the SRV name up'));
  sink.take(anAlert('1'));
  answer = ['b'];
  await until(() => {
    clock.advance(30_000);
    return log.includes('an Alertmanager left');
  });
  sink.take(anAlert('2'));
  expect(rules()).toEqual([
    [a, '1'],
    [b, '12'],
  ]);
});
