import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/platform/clock.ts';
import { ticks } from '../../src/stream/ticks.ts';

const MS = 1_000_000n;
const event = (ms: number) => ({ type: 'event', time: BigInt(ms) * MS });

/** What comes out, as text: `e120` for an event at 120 ms, `t120` for a tick. */
const run = (live?: { clock: ManualClock; latenessMs: number }) => {
  const source = new Subject<ReturnType<typeof event>>();
  const out: string[] = [];
  const subscription = source.pipe(ticks((item) => item.time, { periodMs: 50, live })).subscribe((item) => {
    const time = 'watermark' in item ? item.watermark : item.time;
    out.push(`${item.type[0]}${time / MS}`);
  });
  const send = (...times: number[]) => {
    for (const time of times) source.next(event(time));
  };
  return { out, send, subscription };
};

describe('ticks', () => {
  it('go ahead of the first event that lies a period beyond the last tick', () => {
    const { out, send } = run();
    send(100, 110, 149, 150, 151, 900);
    expect(out.join(' ')).toBe('t100 e100 e110 e149 t150 e150 e151 t900 e900');
  });

  it('do not come of events that are out of order', () => {
    const { out, send } = run();
    send(1_000, 400, 1_020, 1_050);
    expect(out.join(' ')).toBe('t1000 e1000 e400 e1020 t1050 e1050');
  });

  it('go on by the clock when a live stream falls silent, from the last event and behind it by the lateness', () => {
    const clock = new ManualClock(BigInt(Date.UTC(2030, 0)) * MS);
    const { out, send } = run({ clock, latenessMs: 200 });
    clock.advance(50);
    out.length = 0;
    // The events are years older than the clock: a backlog, or another clock.
    send(100_000);
    clock.advance(150);
    expect(out.join(' ')).toBe('e100000');
    clock.advance(150);
    expect(out.join(' ')).toBe('e100000 t100050 t100100');
  });

  it('follow the events again after a silence, even when the clock has gone ahead of them', () => {
    const clock = new ManualClock();
    const { out, send } = run({ clock, latenessMs: 0 });
    send(1_000);
    clock.advance(100);
    out.length = 0;
    send(1_020, 1_060, 1_080);
    expect(out.join(' ')).toBe('e1020 e1060 t1080 e1080');
  });

  it('do not follow an item from the future, which would close all and silence them for years', () => {
    const clock = new ManualClock(1_000n * MS);
    const { out, send } = run({ clock, latenessMs: 0 });
    send(1_000, Date.UTC(9999, 0), 1_060);
    expect(out.join(' ')).toBe(`t1000 e1000 e${Date.UTC(9999, 0)} t1060 e1060`);
  });

  it('do not care when the date is set', () => {
    const clock = new ManualClock(BigInt(Date.UTC(2030, 0)) * MS);
    const { out, send } = run({ clock, latenessMs: 0 });
    send(100_000);
    out.length = 0;
    for (const hours of [1, -2, 1]) {
      clock.set(clock.now() + BigInt(hours) * 3_600_000n * MS);
      clock.advance(50);
    }
    expect(out.join(' ')).toBe('t100050 t100100 t100150');
  });

  it('go back in a live stream where nothing but items of long ago comes: its dates were set back', () => {
    const clock = new ManualClock();
    clock.set(BigInt(Date.UTC(2030, 0)) * MS);
    const { out, send } = run({ clock, latenessMs: 100 });
    send(3_700_000);
    clock.advance(90);
    send(100_000);
    clock.advance(90);
    send(100_090);
    expect(out.join(' ')).toBe('t3700000 e3700000 e100000 e100090');
    clock.advance(20);
    send(100_200);
    expect(out.slice(4).join(' ')).toBe('t100200 e100200');
  });

  it.each([
    ['at once', 0],
    ['when the clock has gone ahead', 400],
  ])('do not go back for one item of long ago with silence around it, %s', (_, silence) => {
    const clock = new ManualClock();
    const { out, send } = run({ clock, latenessMs: 100 });
    send(3_700_000);
    clock.advance(silence);
    out.length = 0;
    send(100_000, 100_060);
    expect(out.join(' ')).toBe('e100000 e100060');
    clock.advance(800);
    // As far ahead as it had been, and on from there: not behind the late ones, and not still.
    const told = out.slice(2).map((text) => Number(text.slice(1)));
    expect(told.length).toBeGreaterThan(0);
    expect(Math.min(...told)).toBeGreaterThan(3_700_000);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    out.length = 0;
    send(3_702_000);
    expect(out.join(' ')).toBe('t3702000 e3702000');
  });

  it('go back where items of long ago come seldom', () => {
    const clock = new ManualClock();
    clock.set(BigInt(Date.UTC(2030, 0)) * MS);
    const { out, send } = run({ clock, latenessMs: 100 });
    send(3_700_000);
    for (const time of [100_000, 101_000]) {
      clock.advance(1_000);
      out.length = 0;
      send(time);
    }
    expect(out.join(' ')).toBe('t101000 e101000');
    out.length = 0;
    clock.advance(200);
    expect(out.join(' ')).toBe('t101050 t101100');
  });

  it('do not go back for items of long ago that come among others', () => {
    const clock = new ManualClock();
    const { out, send } = run({ clock, latenessMs: 100 });
    send(3_700_000);
    for (let step = 0; step < 5; step++) {
      clock.advance(60);
      send(100_000 + step, 3_700_010 + step);
    }
    expect(out.filter((text) => text.startsWith('t'))).toEqual(['t3700000']);
  });

  it('are not led back by items that have no time', () => {
    const clock = new ManualClock();
    const { out, send } = run({ clock, latenessMs: 100 });
    send(3_700_000);
    for (let step = 0; step < 5; step++) {
      clock.advance(60);
      send(0);
    }
    send(3_700_060);
    expect(out.filter((text) => text.startsWith('t'))).toEqual(['t3700000', 't3700060']);
  });

  it('stop with the subscription', () => {
    const clock = new ManualClock();
    const { out, subscription } = run({ clock, latenessMs: 0 });
    subscription.unsubscribe();
    clock.advance(1_000);
    expect(out).toEqual([]);
  });
});
