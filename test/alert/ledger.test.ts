import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, Ledger } from '../../src/alert/ledger.ts';
import { anAlert, at, config } from './timeline.ts';

describe('Ledger, whatever comes', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('put' as const), rule: fc.integer({ min: 0, max: 9 }), resolved: fc.boolean() }),
    fc.record({ do: fc.constantFrom('send', 'accept', 'postpone', 'discard', 'resend'), count: fc.nat(6) }),
  );

  it('holds no more than its capacity and accounts for every alert', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ledger = new Ledger({ ...config, queueCapacity: 4, resolveRepeatMs: 20_000, minFiringMs: 1_000 });
        const waiting = new Map<string, Entry['alert']>();
        let flying: readonly Entry[] = [];
        let now = 0;
        let taken = 0;
        let settled = 0;
        for (const move of steps) {
          now += 3;
          if ('rule' in move) {
            const alert = anAlert(`r${move.rule}`, move.resolved ? { endsAt: at(now) } : {});
            const { superseded, dropped } = ledger.put(alert);
            taken += 1;
            settled += superseded + dropped;
            waiting.set(`r${move.rule}`, alert);
          } else if (move.do === 'send') flying = ledger.peek(move.count);
          else if (move.do === 'accept') settled += ledger.accepted(flying, at(now)).length;
          else if (move.do === 'postpone') ledger.postpone(flying);
          else if (move.do === 'discard') settled += flying.filter((entry) => ledger.discard(entry)).length;
          else ledger.resend(at(now));
          expect(ledger.due).toBeLessThanOrEqual(4);
          const due = ledger.peek(99);
          expect(due).toHaveLength(ledger.due);
          // What is sent is the newest state, always.
          for (const { alert } of due) expect(waiting.get(alert.labels.rule ?? '')).toBe(alert);
        }
        // Each state has one end: accepted, superseded, dropped, discarded or abandoned.
        expect(ledger.abandon()).toBe(taken - settled);
        expect(ledger.due).toBe(0);
      }),
    );
  });

  it('tells what went to make room: a repetition of what is over, an alert that fires and is known, or news', () => {
    const ledger = new Ledger({ ...config, queueCapacity: 1, minFiringMs: 1 });
    ledger.put(anAlert('a'));
    expect(ledger.put(anAlert('b'))).toEqual({ superseded: 0, dropped: 1, forgotten: 0 });
    ledger.accepted(ledger.peek(1), at(1));
    expect(ledger.put(anAlert('c', { endsAt: at(1) }))).toEqual({ superseded: 0, dropped: 0, forgotten: 1 });
    ledger.accepted(ledger.peek(1), at(1));
    expect(ledger.put(anAlert('d'))).toEqual({ superseded: 0, dropped: 0, forgotten: 0 });
    expect(ledger.put(anAlert('d'))).toEqual({ superseded: 1, dropped: 0, forgotten: 0 });
  });

  it('keeps a newer state due when the older one is accepted, refused or postponed', () => {
    for (const outcome of ['accepted', 'postpone', 'discard'] as const) {
      const ledger = new Ledger(config);
      ledger.put(anAlert('a'));
      const flying = ledger.peek(1);
      const newer = anAlert('a', { endsAt: at(1) });
      ledger.put(newer);
      if (outcome === 'accepted') expect(ledger.accepted(flying, at(2))).toEqual([]);
      else if (outcome === 'postpone') ledger.postpone(flying);
      else for (const entry of flying) ledger.discard(entry);
      expect(ledger.peek(9).map(({ alert }) => alert)).toEqual([newer]);
    }
  });
});
