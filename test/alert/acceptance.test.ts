import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incidents } from '../../src/alert/incident.ts';
import { Places } from '../../src/alert/places.ts';
import type { Place } from '../../src/model/acceptance.ts';
import { aSession, at, aVerdict, config } from './timeline.ts';

const one = aSession();
const two = aSession({ id: 'claude-code-ba9876543210', pid: 99, scope: { repository: 'acme/other' } });

/** Plays verdicts, then a tick at which these names are accepted; what the tick resolves. */
const resolvedWith = (
  accepted: readonly string[],
  verdicts: readonly ReturnType<typeof aVerdict>[],
  over: Partial<Parameters<typeof incidents>[0]> = {},
) => {
  const isAccepted = ({ names }: Place) => names.every((name) => accepted.includes(name));
  const core = incidents({ ...config, ...over, isAccepted });
  const state = core.initial();
  const fired = verdicts.flatMap((verdict) => [...core.onEvent(state, verdict)]);
  return { fired, resolved: core.onTick(state, at(50)), later: core.onTick(state, at(60)) };
};

describe('an incident that a person accepts', () => {
  it('resolves at the next tick, once', () => {
    const { fired, resolved, later } = resolvedWith(
      ['a'],
      [aVerdict(1, one, [{ rule: 'x', teaches: ['a'] }]), aVerdict(2, one, [{ rule: 'y', teaches: ['b'] }])],
    );
    expect(fired.map(({ labels }) => labels.rule)).toEqual(['x', 'y']);
    expect(resolved.map(({ labels, endsAt }) => [labels.rule, endsAt])).toEqual([['x', at(50)]]);
    expect(later).toEqual([]);
  });

  it('goes on while anything of it is not accepted', () => {
    const verdicts = [
      aVerdict(1, one, [{ rule: 'x', teaches: ['a'] }]),
      aVerdict(2, one, [{ rule: 'x', teaches: ['b'] }]),
    ];
    expect(resolvedWith(['a'], verdicts).resolved).toEqual([]);
    expect(resolvedWith(['a', 'b'], verdicts).resolved).toHaveLength(1);
  });

  it('takes along what was told at a lower severity', () => {
    const verdicts = [
      aVerdict(1, one, [{ rule: 'x', teaches: ['a'] }]),
      aVerdict(2, one, [{ rule: 'x', severity: 'critical', teaches: ['b'] }]),
    ];
    const { fired, resolved } = resolvedWith(['b'], verdicts);
    expect(fired.at(-1)?.incident?.places).toMatchObject([{ names: ['a', 'b'] }]);
    expect(resolved).toEqual([]);
  });

  it('stands for every place that shares the alert', () => {
    const verdicts = [
      aVerdict(1, one, [{ rule: 'x', teaches: ['a'] }]),
      aVerdict(2, two, [{ rule: 'x', teaches: ['b'] }]),
    ];
    const { fired } = resolvedWith([], verdicts, { spreadAfter: 0 });
    expect(fired.at(-1)?.incident?.places.map(({ scope, names }) => [scope.repository, names])).toEqual([
      ['acme/shop', ['a']],
      ['acme/other', ['b']],
    ]);
  });

  it('keeps its id and what it accuses beyond the end of the process', () => {
    const [before] = resolvedWith([], [aVerdict(1, one, [{ rule: 'x', teaches: ['a'] }])]).fired;
    const restored = before ? [before] : [];
    const { resolved } = resolvedWith(['a'], [], { restored });
    expect(resolved.map(({ incident }) => incident)).toEqual([before?.incident]);
    const { fired } = resolvedWith([], [aVerdict(9, one, [{ rule: 'x', teaches: ['b'] }])], { restored });
    expect(fired[0]?.incident).toMatchObject({ id: before?.incident?.id, places: [{ names: ['a', 'b'] }] });
  });

  it('has another id each time it begins anew, and the same in every replay', () => {
    const idsOf = (...seconds: readonly number[]) =>
      seconds.map((second) => resolvedWith([], [aVerdict(second, one, [{ rule: 'x' }])]).fired[0]?.incident?.id);
    const [first, again, later] = idsOf(1, 1, 2);
    expect([first, first === later]).toEqual([again, false]);
    expect(first).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('the places of an incident', () => {
  const inRepository = (at: number) => ({ scope: { repository: `acme/${at}` }, agent: 'codex-cli' });
  const many = (count: number) => Array.from({ length: count }, (_, at) => `a rather long name ${at}`);

  it('are bounded in number and in size, and not covered where something was left out, not even after a restart', () => {
    const places = new Places();
    for (let at = 0; at < 40; at++) places.add(inRepository(at), ['a']);
    const names = new Places();
    names.add(inRepository(0), ['first', ...many(2_000)]);
    for (const one of [places, names]) {
      expect(JSON.stringify(one.list()).length).toBeLessThan(25_000);
      expect([one.list().partial, one.isCovered(() => true), new Places(one.list()).isCovered(() => true)]).toEqual([
        true,
        false,
        false,
      ]);
    }
    expect(places.list().places).toHaveLength(32);
    // What came first is the accusation that opened the alert: nothing that follows may push it out.
    expect(names.namesIn(inRepository(0))).toContain('first');
  });

  it('without a name are nothing to accept', () => {
    const places = new Places();
    places.add(inRepository(0), []);
    expect([places.list(), places.isCovered(() => true)]).toEqual([{ places: [] }, false]);
  });

  it('come back as they were', () => {
    const name = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 4 }), fc.array(name, { minLength: 1, maxLength: 5 }))), (added) => {
        const places = new Places();
        for (const [at, names] of added) places.add(inRepository(at), names);
        expect(new Places(places.list()).list()).toEqual(places.list());
      }),
    );
  });
});
