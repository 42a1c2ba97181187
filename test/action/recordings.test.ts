import { beforeAll, describe, expect, it } from 'vitest';
import type { AgentAction } from '../../src/model/action.ts';
import { pathOf, recordings, replay } from './replay.ts';
import { type Score, score } from './truth.ts';

const AGENTS = ['claude', 'codex', 'gemini'];

describe('recorded sessions of real agents', () => {
  const played = new Map<string, { readonly actions: readonly AgentAction[]; readonly events: number }>();
  const totals = new Map<string, Score>();

  beforeAll(async () => {
    for (const name of recordings()) {
      const replayed = await replay(pathOf(name, '.jsonl.gz'));
      played.set(name, replayed);
      const { agent, score: one } = score(name, replayed.actions);
      const sum = totals.get(agent);
      totals.set(agent, sum ? add(sum, one) : one);
    }
  }, 120_000);

  it('put every event into exactly one action', () => {
    for (const { actions, events } of played.values()) {
      expect(actions.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(events);
      const numbers = actions.flatMap((action) => action.events);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  it.each(AGENTS)('make about one action of each call of %s', (agent) => {
    const { calls, matched, touched, good, made } = totals.get(agent) as Score;
    const recall = matched / calls;
    const precision = good / touched;
    expect((2 * recall * precision) / (recall + precision)).toBeGreaterThanOrEqual(0.97);
    expect(made / calls).toBeGreaterThanOrEqual(0.9);
    expect(made / calls).toBeLessThanOrEqual(1.3);
  });

  it.each(AGENTS)('read as a person would tell what %s did', async (agent) => {
    const names = [...played.keys()].filter((name) => name.includes(`/${agent}-`));
    const lines = names.flatMap((name) => [`# ${name}`, ...titlesOf(played.get(name)?.actions ?? []), '']);
    await expect(lines.join('\n')).toMatchFileSnapshot(`../golden/actions-${agent}.txt`);
  });
});

const titlesOf = (actions: readonly AgentAction[]): readonly string[] =>
  actions
    .filter(({ kind }) => kind !== 'housekeeping')
    .map(({ kind, title, symbol }) => `${kind.padEnd(11)} ${title}\n            ${symbol}`);

const add = (a: Score, b: Score): Score => ({
  calls: a.calls + b.calls,
  matched: a.matched + b.matched,
  touched: a.touched + b.touched,
  good: a.good + b.good,
  made: a.made + b.made,
});
