import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanAt, toWire } from '../../src/alert/wire.ts';
import { ms } from '../../src/model/time.ts';
import { anAlert, at } from './timeline.ts';

const options = { resendMs: 60_000, minFiringMs: 300_000 };

describe('spanAt', () => {
  it.each([
    ['firing', undefined, at(600), undefined, [at(0), at(840)]],
    ['replayed long after', undefined, at(1e6), undefined, [at(0), at(1e6 + 240)]],
    ['from a clock that runs ahead', undefined, at(-50), undefined, [at(-50), at(190)]],
    ['resolved after it fired long enough', at(500), at(600), at(10), [at(0), at(500)]],
    ['resolved in the future of the wall clock', at(700), at(600), at(10), [at(0), at(600)]],
    ['resolved too soon', at(20), at(30), at(10), [at(0), at(310)]],
    ['resolved before it was ever accepted', at(20), at(30), undefined, [at(0), at(330)]],
    ['resolved too soon, repeated later', at(20), at(400), at(10), [at(0), at(20)]],
  ] as const)('of an alert %s', (_, endsAt, now, acceptedAt, [start, end]) => {
    const alert = anAlert('a', endsAt === undefined ? {} : { endsAt });
    expect(spanAt(alert, now, acceptedAt, options)).toEqual({ startsAt: start, endsAt: end });
  });

  it('is always one that Alertmanager takes', () => {
    const moment = fc.bigInt({ min: at(-1e6), max: at(1e6) });
    const maybe = fc.option(moment, { nil: undefined });
    fc.assert(
      fc.property(moment, maybe, moment, maybe, (start, end, now, acceptedAt) => {
        const alert = anAlert('a', { startsAt: start, ...(end !== undefined && { endsAt: end }) });
        const { startsAt, endsAt } = spanAt(alert, now, acceptedAt, options);
        expect(endsAt).toBeGreaterThanOrEqual(startsAt);
        if (end === undefined) expect(endsAt).toBe(now + ms(240_000));
      }),
    );
  });
});

describe('toWire', () => {
  it('writes times as RFC 3339 and leaves out what is absent', () => {
    const { labels, annotations } = anAlert('a');
    expect(toWire(anAlert('a'), { startsAt: at(0), endsAt: at(1) })).toEqual({
      labels,
      annotations,
      startsAt: '2026-03-01T12:00:00.000Z',
      endsAt: '2026-03-01T12:00:01.000Z',
    });
  });
});
