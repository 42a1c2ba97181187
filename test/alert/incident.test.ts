import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incidents } from '../../src/alert/incident.ts';
import type { Alert } from '../../src/model/alert.ts';
import { toIso } from '../../src/model/time.ts';
import type { Finding, Verdict } from '../../src/model/verdict.ts';
import { anAction, aSession, at, aVerdict, config, ended, play } from './timeline.ts';

const one = aSession();
const two = aSession({ id: 'claude-code-ba9876543210', pid: 99, pod: 'runner-def', runId: '124' });

/** `+severity rule @start` for a firing alert, `-…` for a resolved one. */
const told = ({ labels, startsAt, endsAt }: Alert): string =>
  `${endsAt === undefined ? '+' : '-'}${labels.severity} ${labels.rule} ${toIso(startsAt).slice(17, 19)}${
    endsAt === undefined ? '' : `..${toIso(endsAt).slice(17, 19)}`
  }`;

const raise = (rule: string, severity: Finding['severity'] = 'warning') => ({ rule, severity });

const timelines: readonly [title: string, verdicts: readonly Verdict[], expected: readonly (readonly string[])[]][] = [
  [
    'fires with the finding and resolves with the session',
    [aVerdict(1, one, [raise('a')]), aVerdict(2, one), ended(9, one)],
    [['+warning a 01'], [], ['-warning a 01..09']],
  ],
  ['says nothing below the least severity', [aVerdict(1, one, [raise('a', 'notice')]), ended(2, one)], [[], []]],
  [
    'folds repeated and milder findings into one alert that keeps its start',
    [aVerdict(1, one, [raise('a', 'error')]), aVerdict(2, one, [raise('a'), raise('a', 'error')]), ended(3, one)],
    [['+error a 01'], ['+error a 01'], ['-error a 01..03']],
  ],
  [
    'takes the earliest moment as the start',
    [aVerdict(5, one, [raise('a')]), aVerdict(6, one, [{ rule: 'a', at: at(2) }])],
    [['+warning a 05'], ['+warning a 02']],
  ],
  [
    'raises the severity in place',
    [aVerdict(1, one, [raise('a')]), aVerdict(4, one, [raise('a', 'critical')]), ended(6, one)],
    [['+warning a 01'], ['-warning a 01..04', '+critical a 04'], ['-critical a 04..06']],
  ],
  [
    'opens the highest at once where one verdict holds several severities',
    [aVerdict(1, one, [raise('a'), raise('a', 'critical')])],
    [['+critical a 01']],
  ],
  [
    'keeps different rules apart',
    [aVerdict(1, one, [raise('a'), raise('b')]), ended(2, one)],
    [
      ['+warning a 01', '+warning b 01'],
      ['-warning a 01..02', '-warning b 01..02'],
    ],
  ],
  [
    'lets sessions of a scope share an alert until the last has ended',
    [aVerdict(1, one, [raise('a')]), aVerdict(2, two, [raise('a')]), ended(3, one), ended(4, two)],
    [['+warning a 01'], ['+warning a 01'], ['+warning a 01'], ['-warning a 01..04']],
  ],
  [
    'leaves the lower alert to the session that still holds it',
    [
      aVerdict(1, one, [raise('a')]),
      aVerdict(2, two, [raise('a')]),
      aVerdict(3, two, [raise('a', 'error')]),
      ended(4, one),
      ended(5, two),
    ],
    [
      ['+warning a 01'],
      ['+warning a 01'],
      ['+warning a 01', '+error a 03'],
      ['-warning a 01..04'],
      ['-error a 03..05'],
    ],
  ],
  [
    'fires anew after it has resolved',
    [aVerdict(1, one, [raise('a')]), ended(2, one), aVerdict(3, two, [raise('a')])],
    [['+warning a 01'], ['-warning a 01..02'], ['+warning a 03']],
  ],
  [
    'fires and resolves for a session that ends with its finding',
    [aVerdict(1, one, [raise('a')], { ended: true })],
    [['+warning a 01', '-warning a 01..01']],
  ],
  [
    'never ends before it starts',
    [aVerdict(5, one, [raise('a')]), ended(3, one)],
    [['+warning a 05'], ['-warning a 05..05']],
  ],
];

describe('incidents', () => {
  it.each(timelines)('%s', (_, verdicts, expected) => {
    expect(play(verdicts).map((alerts) => alerts.map(told))).toEqual(expected);
  });

  it('labels an alert with a closed set and the external labels', () => {
    const [alerts] = play([aVerdict(0, one, [{}])], { externalLabels: { cluster: 'eu-1', agent: 'not taken' } });
    expect(alerts?.[0]?.labels).toEqual({
      alertname: 'CreanceSequenceMatched',
      severity: 'warning',
      agent: 'claude-code',
      detector: 'sequence',
      rule: 'read-secret-then-connect',
      repository: 'acme/shop',
      workflow: 'ci',
      job: 'fix',
      namespace: 'runners',
      cluster: 'eu-1',
    });
  });

  it('leaves out what is unknown', () => {
    const { namespace: _, runId: __, pod: ___, ...bare } = one;
    const [alerts] = play([aVerdict(0, { ...bare, scope: { repository: 'acme/shop', job: '' } }, [{}])]);
    expect(Object.keys(alerts?.[0]?.labels ?? {})).toEqual([
      'alertname',
      'severity',
      'agent',
      'detector',
      'rule',
      'repository',
    ]);
    expect(Object.keys(alerts?.[0]?.annotations ?? {})).not.toContain('pod');
    expect(alerts?.[0]).not.toHaveProperty('generatorURL');
  });

  it.each([
    ['baseline', 'CreanceBaselineDeviation'],
    ['sequence', 'CreanceSequenceMatched'],
    ['falco', 'CreanceFalcoAlert'],
  ] as const)('names an alert of the %s detector %s', (detector, alertname) => {
    expect(play([aVerdict(0, one, [{ detector }])])[0]?.[0]?.labels).toMatchObject({ alertname, detector });
  });

  it('tells what happened in the annotations', () => {
    const alerts = play([
      aVerdict(1, one, [], { action: anAction(one, { index: 0, start: at(1) }) }),
      aVerdict(2, one, [], { action: anAction(one, { index: 1, title: 'npm test', start: at(2) }) }),
      aVerdict(3, one, [{ actions: [0, 2], summary: 'first', expected: 'npm test (98 %)' }], {
        action: anAction(one, { index: 2, kind: 'network', title: 'curl evil.example', start: at(3) }),
      }),
      aVerdict(4, two, [{ summary: 'second', techniques: ['T1048', 'T1552'], actions: [7] }]),
    ]);
    expect(alerts[2]?.[0]).toMatchObject({ generatorURL: 'https://github.com/acme/shop/actions/runs/123' });
    expect(alerts[2]?.[0]?.annotations).toEqual({
      summary: 'first',
      description:
        '> 12:00:01Z shell: cat ~/.aws/credentials\n- 12:00:02Z shell: npm test\n> 12:00:03Z network: curl evil.example',
      expected: 'npm test (98 %)',
      summaries: 'first',
      count: '1',
      sessions: '1',
      session: one.id,
      where: 'acme/shop / ci / fix, run 123, pod runners/runner-abc, node node-1',
      run_url: 'https://github.com/acme/shop/actions/runs/123',
      next_steps: [
        `look closer: creance incidents ${alerts[2]?.[0]?.incident?.id}`,
        `accept, if it is as it should be: creance accept ${alerts[2]?.[0]?.incident?.id}.0 --expires 30d --reason '…'`,
        `silence: amtool silence add --duration=2h --comment='looking into it' 'alertname="CreanceSequenceMatched"' 'agent="claude-code"' 'detector="sequence"' 'rule="read-secret-then-connect"' 'repository="acme/shop"' 'workflow="ci"' 'job="fix"' 'namespace="runners"'`,
      ].join('\n'),
      incident: alerts[2]?.[0]?.incident?.id,
      run: '123',
      pod: 'runner-abc',
      node: 'node-1',
      techniques: 'T1552',
      first_seen: '2026-03-01T12:00:03.000Z',
    });
    expect(alerts[3]?.[0]?.annotations).toMatchObject({
      summary: 'second',
      summaries: 'first\nsecond',
      count: '2',
      sessions: '2',
      session: two.id,
      techniques: 'T1048, T1552',
      first_seen: '2026-03-01T12:00:03.000Z',
    });
  });

  it('takes the evidence along when the severity rises', () => {
    const alerts = play([
      aVerdict(1, one, [{ summary: 'mild' }]),
      aVerdict(2, one, [{ summary: 'bad', severity: 'error' }]),
    ]);
    expect(alerts[1]?.[1]?.annotations).toMatchObject({
      count: '2',
      summaries: 'mild\nbad',
      first_seen: '2026-03-01T12:00:01.000Z',
    });
  });

  it('makes one alert with a count of what comes up in many places at once', () => {
    const place = (n: number) => aSession({ id: `s${n}`, scope: { repository: `acme/r${n}`, job: 'fix' } });
    const places = Array.from({ length: 300 }, (_, n) => place(n));
    const told = play([
      ...places.map((session, n) => aVerdict(n, session, [{ summary: 'ran a new program' }])),
      ...places.map((session, n) => ended(400 + n, session)),
      aVerdict(900, place(7), [{}]),
    ]);
    const alerts = told.flat();
    const identities = new Set(alerts.map(({ labels }) => JSON.stringify(labels)));
    expect(identities.size).toBe(11);
    const shared = told[299]?.[0];
    expect(shared?.labels).toEqual({
      alertname: 'CreanceSequenceMatched',
      severity: 'warning',
      agent: 'claude-code',
      detector: 'sequence',
      rule: 'read-secret-then-connect',
      spread: 'many',
    });
    expect(shared?.annotations).toMatchObject({
      sessions: '290',
      count: '290',
      repositories: expect.stringMatching(/^290: acme\/r10, .*…$/),
    });
    expect(
      new Set(alerts.filter(({ endsAt }) => endsAt !== undefined).map(({ labels }) => JSON.stringify(labels))),
    ).toEqual(identities);
    expect(told.at(-1)?.[0]?.labels).toMatchObject({ repository: 'acme/r7' });
  });

  it('tells the latest actions, and of too many the accused', () => {
    const action = (index: number) =>
      anAction(one, { index, title: `step ${index}`, start: at(index), kind: index === 27 ? 'housekeeping' : 'shell' });
    const [alerts] = [
      ...Array.from({ length: 30 }, (_, index) => aVerdict(index, one, [], { action: action(index) })),
      aVerdict(30, one, [{ actions: [2, 4, 29] }]),
    ].map((_, __, all) => play(all).at(-1));
    const lines = (alerts?.[0]?.annotations.description ?? '').split('\n');
    expect(lines.map((line) => line.replace(/ .* /, ' '))).toEqual([
      '> 2',
      '> 4',
      '- 24',
      '- 25',
      '- 26',
      '- 28',
      '> 29',
    ]);
  });

  it('keeps the last five summaries', () => {
    const verdicts = Array.from({ length: 9 }, (_, n) => aVerdict(n, one, [{ summary: `s${n}` }]));
    expect(play(verdicts).at(-1)?.[0]?.annotations).toMatchObject({ count: '9', summaries: 's4\ns5\ns6\ns7\ns8' });
  });

  it('resolves the oldest alert early when too many fire', () => {
    let evicted = 0;
    const alerts = play(
      ['a', 'b', 'c'].map((rule, n) => aVerdict(n, one, [raise(rule)])),
      { maxFiring: 2, onEvicted: () => (evicted += 1) },
    );
    expect(alerts.map((some) => some.map(told))).toEqual([
      ['+warning a 00'],
      ['+warning b 01'],
      ['-warning a 00..02', '+warning c 02'],
    ]);
    expect(evicted).toBe(1);
  });

  it.each(['acme/shop/..', '../shop', 'acme', 'acme/shop?x=1', 'acme/sh op', 'acme/..', 'a\n/b'])(
    'gives no link for the repository %j',
    (repository) => {
      const [alerts] = play([aVerdict(0, aSession({ scope: { repository } }), [{}])]);
      expect(alerts?.[0]).not.toHaveProperty('generatorURL');
    },
  );
});

describe('incidents that an earlier process left', () => {
  const [[first] = []] = play([aVerdict(1, one, [raise('a'), raise('a')])]);
  const restored = [{ ...(first as Alert), sessions: [one.id, two.id] }];
  const orphanMs = 60_000;

  it('go on as they were, with the evidence and the count that they had', () => {
    const alerts = play([aVerdict(20, one, [{ rule: 'a', summary: 'more' }])], { restored });
    expect(alerts[0]?.map(told)).toEqual(['+warning a 01']);
    expect(alerts[0]?.[0]?.annotations).toMatchObject({
      count: '3',
      sessions: '2',
      summary: 'more',
      first_seen: '2026-03-01T12:00:01.000Z',
    });
  });

  it('resolve when the last of their sessions has ended', () => {
    const alerts = play([ended(20, one), ended(30, two)], { restored });
    expect(alerts.map((some) => some.map(told))).toEqual([['+warning a 01'], ['-warning a 01..30']]);
    expect(alerts[1]?.[0]?.annotations.summary).toBe(first?.annotations.summary);
  });

  it('resolve when none of their sessions comes back in time', () => {
    const core = incidents({ ...config, restored, orphanMs });
    const state = core.initial();
    expect(core.onTick(state, at(100))).toEqual([]);
    expect(core.onTick(state, at(159))).toEqual([]);
    expect(core.onTick(state, at(160)).map(told)).toEqual(['-warning a 01..40']);
    expect(core.onTick(state, at(170))).toEqual([]);
  });

  it('stay with a session that came back', () => {
    const core = incidents({ ...config, restored, orphanMs });
    const state = core.initial();
    core.onTick(state, at(100));
    core.onEvent(state, aVerdict(110, one));
    expect(core.onTick(state, at(400))).toEqual([]);
    expect(core.onEvent(state, ended(500, one)).map(told)).toEqual(['-warning a 01..20']);
  });
});

describe('incidents, whatever comes', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '\u001b[31mred\u001b[0m',
      'a\r\nb\tc',
      '\u202egpj.exe',
      '\ud800',
      '__proto__',
      '',
      'x'.repeat(9_000),
    ),
  );

  it('gives sessions that differ only in what varies by run the same labels', () => {
    const varying = fc.record({
      id: hostile,
      pid: fc.nat(),
      pod: hostile,
      runId: hostile,
      node: hostile,
      user: hostile,
      workspace: hostile,
      start: fc.bigInt({ min: 0n, max: at(0) }),
    });
    fc.assert(
      fc.property(varying, varying, hostile, fc.nat(1_000), (a, b, text, seconds) => {
        const [first] = play([aVerdict(0, aSession(a), [{}])]);
        const [second] = play([
          aVerdict(seconds, aSession(b), [{ summary: text, expected: text, actions: [seconds] }]),
        ]);
        expect(second?.[0]?.labels).toEqual(first?.[0]?.labels);
      }),
    );
  });

  it('shows no hostile text raw, keeps every text short, and says the same each time', () => {
    const names = ['id', 'pod', 'runId', 'node', 'agent', 'namespace', 'repository', 'workflow', 'job'] as const;
    const more = ['rule', 'summary', 'expected', 'title', 'technique'] as const;
    type Texts = Record<(typeof names | typeof more)[number], typeof hostile>;
    const texts = Object.fromEntries([...names, ...more].map((name) => [name, hostile])) as Texts;
    const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
    fc.assert(
      fc.property(fc.record(texts), (text) => {
        const { repository, workflow, job } = text;
        const session = aSession({ ...text, scope: { repository, workflow, job } });
        const action = anAction(session, { title: text.title });
        const verdicts = [
          aVerdict(1, session, [{ ...text, techniques: [text.technique] }], { action }),
          ended(2, session),
        ];
        const alerts = play(verdicts);
        expect(play(verdicts)).toEqual(alerts);
        for (const { labels, annotations } of alerts.flat()) {
          for (const value of Object.values(labels)) {
            expect(value).not.toMatch(invisible);
            expect(Buffer.byteLength(value)).toBeLessThanOrEqual(256);
          }
          for (const value of Object.values(annotations)) {
            expect(value.replaceAll('\n', '')).not.toMatch(invisible);
            expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1_024);
          }
        }
      }),
    );
  });
});
