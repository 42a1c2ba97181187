import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { from, lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertConfig } from '../../../src/alert/config.ts';
import { asFalco } from '../../../src/alert/output/as-falco.ts';
import { renderFrom } from '../../../src/alert/output/template.ts';
import type { Sink } from '../../../src/alert/sink.ts';
import { configuredSinks } from '../../../src/alert/sinks.ts';
import { decode } from '../../../src/decode/stage.ts';
import { ManualClock } from '../../../src/platform/clock.ts';
import { createRegistry, type Registry } from '../../../src/platform/metrics.ts';
import { expectCounted, expectLog, fault, type LogLine, sumOf } from '../../faults/fault.ts';
import { rethrow } from '../../support/rethrow.ts';
import { until } from '../../support/until.ts';
import { hang, Stub, status } from '../stub.ts';
import { anAlert, at } from '../timeline.ts';

let folder: string;
let clock: ManualClock;
let log: (LogLine & { reason?: string })[];
let registry: Registry;
let receipts: string[];
let settled: number;
let sinks: readonly Sink[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'creance-output-'));
  clock = new ManualClock(at(100));
  log = [];
  registry = createRegistry();
  receipts = [];
  settled = 0;
  sinks = [];
});
afterEach(async () => {
  await Promise.all(sinks.map((sink) => sink.close(0)));
  rmSync(folder, { recursive: true, force: true });
});

const open = async (config: object): Promise<Sink> => {
  const logger = pino({}, { write: (line) => log.push(JSON.parse(line)) });
  sinks = await configuredSinks(alertConfig.parse(config), { log: logger, clock, registry });
  const [sink] = sinks as [Sink];
  sink.open(({ outcome, count }, alerts = []) => {
    if (count > 0) receipts.push(`${outcome} ${count}`);
    settled += alerts.length;
  });
  return sink;
};

describe('the file', () => {
  it('gets a line for every state, for this user only, and is made anew when it was rotated', async () => {
    const file = join(folder, 'alerts.jsonl');
    const sink = await open({ file });
    sink.take(anAlert('a'));
    sink.take(anAlert('a', { endsAt: at(2) }));
    renameSync(file, `${file}.1`);
    sink.take(anAlert('b'));
    const old = readFileSync(`${file}.1`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(old).toMatchObject([{ status: 'firing', labels: { rule: 'a' } }, { status: 'resolved' }]);
    expect(readFileSync(file, 'utf8')).toContain('"rule":"b"');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(receipts).toEqual(Array(3).fill('delivered 1'));
  });

  it('keeps lines for a disk that has no room, the newest of too many, and tells once', async () => {
    const sink = await open({ file: '/dev/full', queueCapacity: 2 });
    for (const rule of 'abc') sink.take(anAlert(rule));
    clock.advance(20_000);
    expect(receipts).toEqual(['dropped 1']);
    expect(settled).toBe(0);
    expect(log).toMatchObject([{ reason: expect.stringContaining('ENOSPC') }]);
  });

  it('is written once its folder is there', async () => {
    const row = fault('alert-file-unwritable');
    const file = join(folder, 'later', 'alerts.jsonl');
    const sink = await open({ file });
    sink.take(anAlert('a'));
    expect(receipts).toEqual([]);
    mkdirSync(join(folder, 'later'));
    clock.advance(5_000);
    expect(receipts).toEqual([`delivered ${1 - row.lost.count}`]);
    expectLog(row, log);
    expectCounted(row, await registry.metrics());
  });
});

describe('receivers of posts', () => {
  let stub: Stub;
  beforeEach(async () => {
    stub = await new Stub().start();
  });
  afterEach(() => stub.stop());
  const bodies = () => stub.requests.map(({ alerts }) => alerts as unknown as Record<string, unknown>);

  it('get every state in order, each until it is taken', async () => {
    const row = fault('receiver-fails');
    const sink = await open({ webhook: { url: `${stub.url}/hook?key=1` } });
    stub.next.push(status(503), status(500));
    sink.take(anAlert('a'));
    sink.take(anAlert('a', { endsAt: at(2) }));
    await until(() => {
      clock.advance(250);
      return receipts.length === 2 - row.lost.count;
    });
    expect(bodies().map((body) => body.status)).toEqual(['firing', 'firing', 'firing', 'resolved']);
    expect(stub.requests[0]?.path).toBe('/hook?key=1');
    expect(settled).toBe(2 - row.lost.count);
    expectLog(row, log);
    expectCounted(row, await registry.metrics());
    expect(JSON.stringify(log)).not.toContain('key=1');
  });

  it('that hang hold nobody up, and the rest is dropped at the deadline', async () => {
    const sink = await open({ webhook: { url: stub.url }, queueCapacity: 2 });
    stub.always = hang;
    for (const rule of 'abcd') sink.take(anAlert(rule));
    expect(receipts).toEqual(['dropped 1', 'dropped 1']);
    await until(() => stub.requests.length === 1);
    const closed = sink.close(1_000);
    clock.advance(1_000);
    await closed;
    expect(receipts.at(-1)).toBe('dropped 2');
    expect(settled).toBe(0);
  });

  it('are not asked again what they refused', async () => {
    const sink = await open({ webhook: { url: stub.url } });
    stub.next.push(status(400), status(401));
    for (const rule of 'abc') sink.take(anAlert(rule));
    await until(() => receipts.length === 3);
    expect(receipts).toEqual(['rejected 1', 'rejected 1', 'delivered 1']);
    expect(sumOf(await registry.metrics(), 'creance_output_errors_total{sink="webhook"}')).toBe(2);
    expect(settled).toBe(2); // what was refused for want of rights may be wanted by the next process
  });

  it('get what a template makes of it', async () => {
    const template = join(folder, 'body.liquid');
    writeFileSync(
      template,
      '{"text": {{ annotations.summary }}, "level": {{ labels.severity }}{% if status == "firing" %}, "new": true{% endif %}}',
    );
    const sink = await open({ webhook: { url: stub.url, template } });
    sink.take(anAlert('a', { annotations: { summary: 'evil", "x": "\n{{ labels }}' } }));
    await until(() => receipts.length === 1);
    expect(bodies()).toEqual([{ text: 'evil", "x": "\n{{ labels }}', level: 'warning', new: true }]);
  });

  it('of OpenTelemetry logs are asked again only where their specification says so, and may reject a record in a 200', async () => {
    const sink = await open({ otlp: { url: `${stub.url}/v1/logs` } });
    const answers = ['{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"too old"}}', '{}', ''];
    stub.next.push(status(503), ...answers.map((body) => status(200, {}, body)), status(500), status(400));
    for (const rule of 'abcdef') sink.take(anAlert(rule));
    await until(() => {
      clock.advance(250);
      return receipts.length === 6;
    });
    expect(receipts).toEqual([
      'rejected 1',
      ...Array(2).fill('delivered 1'),
      ...Array(2).fill('rejected 1'),
      'delivered 1',
    ]);
    expect(settled).toBe(5); // the 500 may be the receiver's fault: the next process tries once more
    expect(stub.requests[0]?.path).toBe('/v1/logs');
    expect(log.find(({ reason }) => reason?.includes('too old'))?.msg).toBe('receiver refused an alert');
  });

  it('of Falco’s events get one for each alert that begins to fire, as Falco writes it', async () => {
    const sink = await open({ falco: { url: stub.url } });
    const annotations = { summary: 'took keys', pod: 'runner-1', node: 'n1', techniques: 'T1552, T1048' };
    const alert = anAlert('a', { annotations });
    const more = { ...alert, labels: { ...alert.labels, namespace: 'ci', agent: 'claude-code', severity: 'critical' } };
    for (const state of [more, more, { ...more, endsAt: at(3) }, more]) sink.take(state);
    await until(() => receipts.length === 2);
    expect(settled).toBe(4);
    expect(bodies()[0]).toMatchObject({
      time: '2026-03-01T12:00:00.000Z',
      rule: 'a',
      priority: 'Critical',
      output: 'took keys',
      source: 'creance',
      hostname: 'n1',
      tags: ['creance', 'claude-code', 'T1552', 'T1048'],
      output_fields: { 'k8s.ns.name': 'ci', 'k8s.pod.name': 'runner-1', 'creance.techniques': 'T1552, T1048' },
    });
  });
});

it('an alert as Falco’s event is one that our own decoder reads', async () => {
  const records = from([{ type: 'json' as const, text: JSON.stringify(asFalco(anAlert('a'))) }]);
  const stage = decode({ log: pino({ level: 'silent' }), registry: createRegistry(), onFault: rethrow });
  const items = await lastValueFrom(records.pipe(stage, toArray()));
  expect(items.filter(({ type }) => type === 'event')).toMatchObject([{ rule: 'a', priority: 'warning' }]);
});

it.each([
  ['{"a": "{{ labels.rule }}"}', /without quotes/],
  ['{% for %}', /cannot be used/],
])('refuses the template %j at the start', (text, message) => {
  const path = join(folder, 'bad.liquid');
  writeFileSync(path, text);
  expect(() => renderFrom(path, 'application/json')).toThrow(message);
});
