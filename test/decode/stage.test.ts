import { pino } from 'pino';
import { from, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/decode/stage.ts';
import type { FalcoEvent } from '../../src/model/event.ts';
import type { Gap, Tick } from '../../src/model/flow.ts';
import type { RawRecord } from '../../src/model/record.ts';
import { ManualClock } from '../../src/platform/clock.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { encodeResponse, numbered, timeOf } from '../support/falco-messages.ts';
import { rethrow } from '../support/rethrow.ts';

const rig = (live?: { clock: ManualClock; latenessMs: number }) => {
  const registry = createRegistry();
  const logged: { level: number; reason: string }[] = [];
  const log = pino({ level: 'debug' }, { write: (text) => void logged.push(JSON.parse(text)) });
  const out: (FalcoEvent | Gap | Tick)[] = [];
  const stage = decode({ log, registry, onFault: rethrow, ...(live && { live }) });
  const metric = async (name: string, labels: Record<string, string> = {}) => {
    const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
    return values.find((value) => Object.entries(labels).every(([k, v]) => value.labels[k] === v))?.value;
  };
  return { stage, out, logged, metric };
};

const run = (...records: readonly RawRecord[]) => {
  const started = rig();
  from(records)
    .pipe(started.stage)
    .subscribe((item) => started.out.push(item));
  const shown = started.out
    .filter(({ type }) => type !== 'tick')
    .map((item) => (item.type === 'gap' ? `${item.cause}${item.lost ? ` ${item.lost}` : ''}` : 'event'));
  return { ...started, shown };
};

const proto = (bytes: Uint8Array): RawRecord => ({ type: 'proto', bytes });
const json = (text: string): RawRecord => ({ type: 'json', text });
const TORN = '{"hostname":"vm","output_fields":{"evt.num":1,"proc.cmd';

describe('losses', () => {
  test('of every cause pass here in order and are counted here, with how many were lost', async () => {
    const drop = encodeResponse({
      time: { seconds: 1_767_225_602 },
      rule: 'Falco internal: syscall event drop',
      source: 'internal',
      output_fields: { n_drops: '207971', n_evts: '307726' },
    });
    const at = timeOf(3);
    const { shown, metric } = run(
      proto(numbered(1)),
      proto(drop),
      { type: 'gap', cause: 'disconnect', from: at, to: at },
      { type: 'gap', cause: 'overflow', from: at, to: at, lost: 7 },
      proto(numbered(4)),
      { type: 'lost' },
      proto(numbered(5)),
    );
    expect(shown).toEqual(['event', 'falco-drop 207971', 'disconnect', 'overflow 7', 'event', 'malformed 1', 'event']);
    for (const cause of ['falco-drop', 'disconnect', 'overflow', 'malformed'])
      expect(await metric('creance_gaps_total', { cause })).toBe(1);
    expect(await metric('creance_gap_events_lost_total', { cause: 'falco-drop' })).toBe(207_971);
    expect(await metric('creance_gap_events_lost_total', { cause: 'overflow' })).toBe(7);
    expect(await metric('creance_gap_events_lost_total', { cause: 'disconnect' })).toBe(0);
  });

  test.each([
    ['a torn event', json(TORN), 'not-json', true],
    ['a line of a log', json('Mon Nov 23 01:05:48 2026: Loading rules from file'), 'not-json', false],
    ['JSON of another program', json('{"level":"info","msg":"hello"}'), 'not-an-event', false],
    ['an event without its fields', json('{"rule":"r","time":"2026-11-23T01:00:00Z"}'), 'not-an-event', true],
    ['an event without a time', json('{"rule":"r","output_fields":{}}'), 'bad-time', true],
    ['bytes that are no message', proto(Uint8Array.of(0xff, 0xff)), 'not-protobuf', true],
    ['a message without a rule', proto(encodeResponse({ hostname: 'vm' })), 'not-an-event', true],
  ] as const)('%s', async (_, record, reason, isLoss) => {
    const { shown, metric } = run(proto(numbered(1)), record, proto(numbered(2)));
    expect(shown).toEqual(isLoss ? ['event', 'malformed 1', 'event'] : ['event', 'event']);
    expect(await metric('creance_decode_rejected_total', { reason })).toBe(1);
  });

  test('the first of a kind is a warning, the others are for those who debug', () => {
    const { logged } = run(json('a'), json('b'), json('[]'), json('c'));
    expect(logged.map(({ level, reason }) => [level, reason])).toEqual([
      [40, 'not-json'],
      [20, 'not-json'],
      [40, 'not-an-event'],
      [20, 'not-json'],
    ]);
  });
});

test('late events are counted and processed all the same', async () => {
  const clock = new ManualClock(timeOf(100));
  const { stage, out, metric } = rig({ clock, latenessMs: 2_000 });
  const source = new Subject<RawRecord>();
  source.pipe(stage).subscribe((item) => out.push(item));
  for (const n of [50, 48, 47]) source.next(proto(numbered(n)));
  expect(out.filter(({ type }) => type === 'event')).toHaveLength(3);
  // The second lies just within what is allowed.
  expect(await metric('creance_late_events_total')).toBe(1);
});
