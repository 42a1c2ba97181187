import { describe, expect, it } from 'vitest';
import type { AlertmanagerBook, Books } from './books.ts';
import type { Life } from './creance.ts';
import { Figures } from './figures.ts';
import { judgeAlertmanager } from './judge-alertmanager.ts';
import { judgeEvents } from './judge-events.ts';
import { judgeLife } from './judge-life.ts';
import { judgeLog } from './judge-log.ts';
import { judgeMemory, type Sample } from './judge-memory.ts';
import { judgeWebhook } from './judge-webhook.ts';
import { type Fault, planFaults } from './plan.ts';
import { seeded } from './random.ts';
import { stateOf } from './state.ts';

const state = (alert: string, count: number, firing: boolean, life: number) => ({
  ...stateOf({ alert }, { count: `${count}` }, firing),
  life,
});
const RAISED = [state('a', 1, true, 0), state('b', 1, true, 0), state('a', 2, true, 0), state('a', 2, false, 1)];

const FIGURES = new Figures(`
# HELP creance_stage_items_total Items.
creance_stage_items_total{stage="deliver",direction="in",type="alert"} 1
creance_stage_items_total{stage="decode",direction="in",type="proto"} 10
creance_source_records_total{transport="grpc"} 10
creance_queue_received_total 10
creance_queue_passed_total 10
creance_queue_shed_total{worth="low"} 0
creance_alerts_restored_total{sink="am:1"} 1
creance_alertmanager_taken_total{alertmanager="am:1"} 2
creance_alertmanager_delivered_total{alertmanager="am:1"} 2
creance_alertmanager_sent_total{alertmanager="am:1"} 5
creance_output_alerts_total{sink="file",outcome="delivered"} 1
creance_output_alerts_total{sink="webhook",outcome="delivered"} 1
`);
const lifeOf = (number: number, over: Partial<Life> = {}): Life => ({
  ...{ number, pid: 1, from: 0, log: [], noise: [], printed: 1, figures: FIGURES },
  ...over,
});
const accept = (index: number) => ({ ...(RAISED[index] as (typeof RAISED)[number]), at: 0, times: 1 });
const [A, B] = RAISED.map(({ alert }) => alert) as [string, string];
const BOOK: AlertmanagerBook = {
  name: 'am:1',
  accepted: [accept(0), accept(1), accept(2), accept(3), { ...accept(1), life: 1 }],
  ...{ sent: 5, ever: new Set([A, B]), now: new Set([B]) },
};
const BOOKS: Books = {
  lives: [lifeOf(0), lifeOf(1)],
  ...{ raised: RAISED, webhook: { name: 'webhook host:1', taken: RAISED }, alertmanagers: [BOOK], outages: [] },
  ...{ transport: 'grpc', rate: 10, sent: 10, lost: 0, waiting: 0, unaccounted: 4 },
  breaks: [{ kind: 'creance killed', unaccounted: 4 }],
};
const wrongIn = (checks: ReturnType<typeof judgeWebhook>) => checks.filter(({ ok }) => !ok).map(({ name }) => name);
const takes = (...taken: Books['raised']) => wrongIn(judgeWebhook({ ...BOOKS, webhook: { ...BOOKS.webhook, taken } }));
const [a1, b1, a2, a3] = RAISED as [Books['raised'][0], Books['raised'][0], Books['raised'][0], Books['raised'][0]];

describe('what a soak holds against the webhook', () => {
  it.each([
    ['nothing where all came in order', [a1, b1, a2, a3], []],
    ['nothing where one came once more in the next life', [a1, b1, a2, { ...a2, life: 1 }, a3], []],
    ['nothing where one waited and was overtaken', [{ ...b1, life: 1 }, { ...a2, life: 1 }, a3], []],
    ['a state that others overtook in its life', [b1, { ...a2, life: 1 }, a3], ['webhook: states that are missing']],
    ['a state that is missing', [a1, b1, a2], ['webhook: states that are missing']],
    ['a state that nobody raised', [...RAISED, state('c', 1, true, 1)], ['webhook: states never raised']],
    ['a state that came twice', [a1, b1, a2, a2, a3], ['webhook: states taken twice in one life']],
    ['an order that is not that of the alerts', [a2, b1, a1, a3], ['webhook: states out of order']],
  ])('%s', (_, taken, wrong) => {
    expect(takes(...taken)).toEqual(wrong);
  });
});

describe('what a soak holds against an Alertmanager', () => {
  const held = (over: Partial<AlertmanagerBook>, books: Partial<Books> = {}) => {
    const book = { ...BOOK, ...over };
    return wrongIn(judgeAlertmanager(book, { ...BOOKS, alertmanagers: [book], ...books }));
  };
  const but = (index: number) => BOOK.accepted.filter((_, at) => at !== index);

  it('nothing where it knows what fires', () => {
    expect(held({})).toEqual([]);
  });

  it.each([
    ['an alert that it never got', { accepted: but(3) }, 'alerts whose newest state it never got'],
    [
      'a state that nobody raised',
      { accepted: [...BOOK.accepted, { ...accept(0), id: 'x', life: 0 }] },
      'states never raised',
    ],
    [
      'an alert that it was not seen to know',
      { ever: new Set([B]) },
      'alerts that it accepted and was never seen to know',
    ],
    ['a delivery that it did not get', { accepted: but(4) }, 'states accepted in the last life'],
    ['a repetition that it did not get', { sent: 4 }, 'alerts accepted in the last life, repetitions included'],
    ['an alert that it forgot', { now: new Set<string>() }, 'alerts that fire at the end and that it does not know'],
    ['an alert that goes on', { now: new Set([A, B]) }, 'alerts that it knows at the end and that do not fire'],
  ])('%s', (_, over, wrong) => {
    expect(held(over)).toContain(`am:1: ${wrong}`);
  });

  it('no alert that it got just before it went away', () => {
    expect(held({ ever: new Set([B]) }, { outages: [{ alertmanager: 0, at: 2_000 }] })).toEqual([]);
  });
});

describe('what a soak holds against a life', () => {
  const last = lifeOf(1);
  const of = (over: Partial<Life>, books: Partial<Books> = {}) => {
    const life = { ...last, ...over };
    return wrongIn(judgeLife(life, { ...BOOKS, lives: [lifeOf(0), life], ...books }));
  };

  it('nothing where figures and books agree', () => {
    expect(of({})).toEqual([]);
  });

  it('a state that the receivers do not have', () => {
    expect(of({}, { raised: RAISED.slice(0, 3) })).toEqual([
      'life 2: states printed and not in the file',
      'life 2: lines of the file',
    ]);
    expect(of({}, { webhook: { ...BOOKS.webhook, taken: [] } })).toEqual(['life 2: states that the webhook took']);
  });

  it('a state that figures do not account for', () => {
    expect(of({ figures: new Figures('') })).toContain('life 2: states printed since the last figures');
  });

  it('what an earlier life did after its last figures, no more than it printed', () => {
    const life = lifeOf(0, { printed: 3 });
    expect(wrongIn(judgeLife(life, BOOKS))).toEqual([]);
    expect(wrongIn(judgeLife(lifeOf(0, { printed: 2 }), BOOKS))).toContain('life 1: lines of the file');
  });
});

describe('what a soak holds against the intake', () => {
  it('events that nobody accounts for', () => {
    const only = { ...BOOKS, lives: [lifeOf(0)] };
    expect(wrongIn(judgeEvents(only))).toEqual([]);
    expect(wrongIn(judgeEvents({ ...only, unaccounted: 5 }))).toEqual([
      'events sent and accounted for nowhere since the last break',
    ]);
    expect(wrongIn(judgeEvents({ ...only, waiting: 1 }))).toEqual(['events still waiting']);
  });
});

describe('what a soak holds against the log', () => {
  const faults: readonly Fault[] = [{ kind: 'webhook hangs', from: 0, to: 1 }];
  const told = (...messages: readonly string[]) =>
    wrongIn(judgeLog([lifeOf(0, { log: messages.map((msg) => ({ level: 40, msg })) })], faults));
  const EXPECTED = 'receiver does not take alerts; trying on';

  it('troubles of which no fault is the cause, and those told again', () => {
    expect(told(EXPECTED)).toEqual([]);
    expect(told(EXPECTED, EXPECTED)).toEqual(['troubles told more than once an episode']);
    expect(told('a stage failed on an input')).toEqual(['warnings and errors that no fault explains']);
    expect(told('Redis does not answer')).toContain('warnings and errors that no fault explains');
  });
});

describe('what a soak holds against the memory', () => {
  const samples = (rssAt: (at: number) => number, files = 20): readonly Sample[] =>
    Array.from({ length: 200 }, (_, index) => ({
      ...{ life: 0, at: index * 5, rssMb: rssAt(index * 5), ...(index % 12 === 0 && { liveMb: 60 }) },
      ...{ files: index > 150 ? files : 20, lagMs: 1 },
    }));

  it('growth that goes on, and files left open', () => {
    expect(wrongIn(judgeMemory(samples((at) => (at < 200 ? 100 + at / 4 : 150))))).toEqual([]);
    expect(wrongIn(judgeMemory(samples((at) => 100 + at / 20)))).toHaveLength(2);
    expect(wrongIn(judgeMemory(samples(() => 100, 40)))).toHaveLength(1);
    expect(judgeMemory(samples((at) => 100 + at).slice(0, 100))).toEqual([]);
  });
});

describe('the plan of faults', () => {
  it('is the same for the same seed, has one fault of each part at a time, and leaves time to mend', () => {
    const plan = planFaults(seeded(7), 1_200);
    expect(planFaults(seeded(7), 1_200)).toEqual(plan);
    expect(planFaults(seeded(8), 1_200)).not.toEqual(plan);
    expect(new Set(plan.map(({ kind }) => kind)).size).toBe(11);
    for (const part of [
      ['webhook hangs', 'webhook answers 500'],
      ['redis paused', 'redis restarted'],
    ]) {
      const own = plan.filter(({ kind }) => part.includes(kind));
      own.slice(1).forEach(({ from }, index) => {
        expect(from).toBeGreaterThan(own[index]?.to ?? 0);
      });
    }
    expect(Math.max(...plan.map(({ to }) => to))).toBeLessThan(1_200 * 0.85);
  });
});
