import { describe, expect, it } from 'vitest';
import { SequenceMatcher } from '../../../src/detect/sequence/matcher.ts';
import { parseRules } from '../../../src/detect/sequence/read.ts';
import { actionsOf, sessionOf } from '../../../src/detect/sequence/timeline/actions.ts';
import type { TimelineStep } from '../../../src/detect/sequence/timeline/timeline.ts';

const ruleOf = (body: string, head = '') => {
  const { rules, problems } = parseRules(`id: r\ntitle: R\ndescription: D\nlevel: error\n${head}${body}`, 'r.yaml');
  expect(problems).toEqual([]);
  return rules;
};

/** The number of findings after each step. */
const run = (rules: ReturnType<typeof ruleOf>, steps: readonly TimelineStep[]) => {
  const timeline = { name: 't', expect: 'match' as const, steps: [...steps] };
  const matcher = new SequenceMatcher(rules);
  const session = sessionOf(timeline);
  return actionsOf(timeline).map((step) =>
    'gap' in step ? matcher.addGap(step.gap, { session }) : matcher.add(step.action, { novel: step.novel }),
  );
};
const counts = (rules: ReturnType<typeof ruleOf>, steps: readonly TimelineStep[]) =>
  run(rules, steps).map((found) => found.length);

const READ: TimelineStep = { run: 'cat', reads: ['~/.aws/credentials'] };
const SEND: TimelineStep = { run: 'curl', connects: ['203.0.113.66:443'] };
const IDLE: TimelineStep = { run: 'ls' };

const PAIR =
  'detection:\n  read: { reads.class: secret:aws }\n  send: { connections.network: public }\ncorrelation:\n  type: ';

describe('temporal_ordered', () => {
  it('wants its steps in order, and tells a match once', () => {
    const rules = ruleOf(`${PAIR}temporal_ordered\n`);
    expect(counts(rules, [SEND, READ, IDLE, SEND, SEND])).toEqual([0, 0, 0, 1, 0]);
  });

  it('takes one action for several steps', () => {
    expect(counts(ruleOf(`${PAIR}temporal_ordered\n`), [{ ...READ, ...SEND }])).toEqual([1]);
  });

  it('accuses the stretch from the first step to the last', () => {
    const [, , found] = run(ruleOf(`${PAIR}temporal_ordered\n`), [READ, IDLE, SEND]);
    expect(found?.[0]).toMatchObject({
      detector: 'sequence',
      rule: 'r',
      severity: 'error',
      actions: [0, 2],
      summary: 'R: cat → curl',
    });
  });

  it('forgets after its timespan, and after so many actions', () => {
    expect(counts(ruleOf(`${PAIR}temporal_ordered\n  timespan: 10m\n`), [READ, { ...SEND, after: '11m' }])).toEqual([
      0, 0,
    ]);
    expect(counts(ruleOf(`${PAIR}temporal_ordered\n  within: 2\n`), [READ, IDLE, SEND])).toEqual([0, 0, 0]);
    expect(counts(ruleOf(`${PAIR}temporal_ordered\n  within: 2\n`), [READ, SEND])).toEqual([0, 1]);
  });

  it('stays quiet when what excuses it came before', () => {
    const rules = ruleOf(
      'detection:\n  send: { connections.network: public }\n  login: { title|contains: login }\ncorrelation:\n  type: temporal_ordered\n  rules: [send]\n  unless: [login]\n  timespan: 1h\n',
    );
    expect(counts(rules, [SEND, { run: 'gh login' }, SEND, { ...SEND, after: '2h' }])).toEqual([1, 0, 0, 1]);
  });

  it('joins steps by a value that they share', () => {
    const rules = ruleOf(
      'detection:\n  write: { writes.class: temp }\n  run: { executed.class: temp }\ncorrelation:\n  type: temporal_ordered\n  aliases:\n    file: { write: writes.path, run: executed.path }\n  group-by: [file]\n',
    );
    expect(
      counts(rules, [
        { run: 'a', writes: ['/tmp/a', '/tmp/b'] },
        { run: 'x', executes: ['/tmp/c'] },
        { run: 'b', executes: ['/tmp/b'] },
      ]),
    ).toEqual([0, 0, 1]);
  });

  it('lets a step that no join is about belong to every value', () => {
    const rules = ruleOf(
      'detection:\n  fetch: { connections.network: public }\n  write: { writes.class: temp }\n  run: { executed.class: temp }\ncorrelation:\n  type: temporal_ordered\n  aliases:\n    file: { write: writes.path, run: executed.path }\n  group-by: [file]\n',
    );
    const write: TimelineStep = { run: 'tar', writes: ['/tmp/a'] };
    const start: TimelineStep = { run: 'a', executes: ['/tmp/a'] };
    expect(counts(rules, [SEND, write, start])).toEqual([0, 0, 1]);
    expect(counts(rules, [write, SEND, start])).toEqual([0, 0, 0]);
  });
});

it('temporal takes its steps in any order', () => {
  const rules = ruleOf(`${PAIR}temporal\n  timespan: 10m\n`);
  expect(counts(rules, [SEND, READ, READ])).toEqual([0, 1, 0]);
  expect(counts(rules, [SEND, { ...READ, after: '11m' }])).toEqual([0, 0]);
});

describe('counts', () => {
  it('event_count counts actions, by group', () => {
    const rules = ruleOf(
      'detection:\n  send: { connections.network: public }\ncorrelation:\n  type: event_count\n  group-by: [connections.address]\n  timespan: 1m\n  condition: { gte: 3 }\n',
    );
    const other: TimelineStep = { run: 'curl', connects: ['203.0.113.67:443'] };
    expect(counts(rules, [SEND, other, SEND, SEND, SEND])).toEqual([0, 0, 0, 1, 0]);
    expect(counts(rules, [SEND, SEND, { ...SEND, after: '2m' }])).toEqual([0, 0, 0]);
  });

  it('value_count counts distinct values', () => {
    const rules = ruleOf(
      'detection:\n  rm: { deletes.class: home }\ncorrelation:\n  type: value_count\n  timespan: 5m\n  condition: { field: deletes.path, gt: 3 }\n',
    );
    expect(
      counts(rules, [
        { run: 'rm', deletes: ['~/a/{1..3}'] },
        { run: 'rm', deletes: ['~/a/{1..3}'] },
        { run: 'rm', deletes: ['~/b'] },
      ]),
    ).toEqual([0, 0, 1]);
    expect(counts(rules, [{ run: 'rm', deletes: ['/tmp/{1..9}'] }])).toEqual([0]);
  });
});

describe('conditions', () => {
  const one = (conditions: string) => ruleOf(`detection:\n  a:\n${conditions}`);

  it('on parts of one list hold for one thing in it', () => {
    const rules = one('    writes.class: temp\n    writes.name: x.sh\n');
    expect(
      counts(rules, [
        { run: 'a', writes: ['/tmp/y', 'x.sh'] },
        { run: 'a', writes: ['/tmp/x.sh'] },
      ]),
    ).toEqual([0, 1]);
  });

  it.each([
    ['    title: "cat *"\n', 'cat a', 'xcat a'],
    ['    title|startswith: git\n', 'git push', 'legit'],
    ['    title|endswith: push\n', 'git push', 'push it'],
    ['    title|contains: [a.b, c]\n', 'x a.b y', 'x axb y'],
    ['    title|contains|all: [a, b]\n', 'b a', 'a'],
    ['    title|re|i: "^GIT"\n', 'git x', 'x git'],
    ['    not:\n      title: ls\n', 'cat', 'ls'],
  ])('%j', (conditions, yes, no) => {
    expect(counts(one(conditions), [{ run: no }, { run: yes }])).toEqual([0, 1]);
  });

  it('see other Falco rules, gaps, and what is new to the baseline', () => {
    expect(
      counts(one('    falco.priority: [critical]\n    falco.tags: T1\n'), [
        { run: 'a', falco: { rule: 'x', priority: 'critical', tags: ['T1'] } },
      ]),
    ).toEqual([1]);
    expect(
      counts(one('    gap.cause: falco-drop\n    gap.lost|gte: 10\n'), [
        { gap: 'falco-drop', lost: 9 },
        { gap: 'falco-drop', lost: 10 },
      ]),
    ).toEqual([0, 1]);
    expect(counts(one('    novel|startswith: program\n'), [{ run: 'a' }, { run: 'a', novel: ['program a'] }])).toEqual([
      0, 1,
    ]);
  });

  it('leave housekeeping out, unless the rule wants it', () => {
    const own: TimelineStep = { own: 'own', connects: ['203.0.113.66:443'] };
    const body = 'detection:\n  a: { connections.network: public }\n';
    expect(counts(ruleOf(body), [own])).toEqual([0]);
    expect(counts(ruleOf(body, 'housekeeping: true\n'), [own])).toEqual([1]);
  });

  it('once is once in a session', () => {
    expect(counts(ruleOf('detection:\n  a: { connections.network: public }\n', 'once: true\n'), [SEND, SEND])).toEqual([
      1, 0,
    ]);
  });
});

it('tells gaps that come with an action before it', () => {
  const rules = ruleOf(
    'detection:\n  gap: { gap.cause: overflow }\n  act: { reads.class: secret:aws }\ncorrelation:\n  type: temporal_ordered\n',
  );
  const [step] = actionsOf({ name: 't', expect: 'match', steps: [READ] });
  if (!step || 'gap' in step) throw new Error('no action');
  const gap = { type: 'gap', cause: 'overflow', from: step.action.start, to: step.action.start } as const;
  expect(new SequenceMatcher(rules).add(step.action, { gaps: [gap] })).toHaveLength(1);
});

it('costs the same late in a long session as early', () => {
  const rules = ruleOf(
    'detection:\n  write: { writes.path|contains: / }\n  run: { executed.path|contains: / }\ncorrelation:\n  type: temporal_ordered\n  aliases:\n    file: { write: writes.path, run: executed.path }\n  group-by: [file]\n  timespan: 7d\n',
  );
  const matcher = new SequenceMatcher(rules);
  const add = (path: string, key: 'writes' | 'executes') => {
    const [step] = actionsOf({ name: 't', expect: 'match', steps: [{ run: 'x', [key]: [path] }] });
    return step && 'action' in step ? matcher.add(step.action) : [];
  };
  for (let n = 0; n < 5_000; n++) add(`/tmp/${n}`, 'writes');
  // What is kept is bounded: the oldest is forgotten, the latest is not.
  expect(add('/tmp/1', 'executes')).toHaveLength(0);
  expect(add('/tmp/4999', 'executes')).toHaveLength(1);
});

describe('what a person has accepted', () => {
  const rules = ruleOf(`${PAIR}temporal_ordered\n`, 'once: true\n');
  const ELSEWHERE: TimelineStep = { run: 'curl', connects: ['203.0.113.99:443'] };
  const runWith = (accepted: readonly string[], steps: readonly TimelineStep[]) => {
    const timeline = { name: 't', expect: 'match' as const, steps: [...steps] };
    const matcher = new SequenceMatcher(rules);
    return actionsOf(timeline).flatMap((step) =>
      'gap' in step ? [] : matcher.add(step.action, { isAccepted: (name) => accepted.includes(name) }),
    );
  };

  it('is told and no alert, and does not hide the same rule elsewhere', () => {
    const [first] = runWith([], [READ, SEND]);
    expect(first?.teaches).toEqual([expect.stringMatching(/^sequence r: \S+.* #[0-9a-f]{12} > .* #[0-9a-f]{12}$/)]);
    const found = runWith(first?.teaches ?? [], [READ, SEND, READ, ELSEWHERE]);
    expect(found.map(({ severity, accepted }) => [severity, accepted])).toEqual([
      ['info', true],
      ['error', undefined],
    ]);
  });
});
