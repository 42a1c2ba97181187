import { describe, expect, it } from 'vitest';
import { problemText } from '../../../src/detect/sequence/problem.ts';
import { parseRules } from '../../../src/detect/sequence/read.ts';

const problemsOf = (text: string) => parseRules(text, 'r.yaml').problems.map(problemText);

const HEAD = 'id: x\ntitle: X\ndescription: Y\nlevel: error\n';

describe('a mistake in a rule is told with its place', () => {
  it.each([
    [
      'a fact',
      'detection:\n  a:\n    write.path: /x\n',
      'r.yaml:7:5: unknown fact "write.path"; did you mean writes.path?',
    ],
    [
      'a modifier',
      'detection:\n  a:\n    writes.path|endswidth: /x\n',
      'r.yaml:7:5: unknown modifier "endswidth"; did you mean endswith?',
    ],
    [
      'a path class',
      'detection:\n  a:\n    reads.class: [system, secret:aw]\n',
      'r.yaml:7:27: unknown value of reads.class "secret:aw"; did you mean secret:aws?',
    ],
    ['a kind', 'detection:\n  a:\n    kind: shel\n', 'r.yaml:7:11: unknown value of kind "shel"; did you mean shell?'],
    ['a key', 'detecton:\n  a: { kind: shell }\n', 'r.yaml:5:1: unknown key "detecton"; did you mean detection?'],
    [
      'a type',
      'detection:\n  a:\n    connections.port: https\n',
      'r.yaml:7:23: connections.port: is a number, and "https" is none',
    ],
    [
      'a pattern',
      'detection:\n  a:\n    title|re: "("\n',
      'r.yaml:7:15: title: Invalid regular expression: /(/: Unterminated group',
    ],
    [
      'an impossible step',
      'detection:\n  a:\n    gap.cause: overflow\n    kind: shell\n',
      'r.yaml:7:5: can never hold: a gap is no action; make them two steps',
    ],
    ['an empty step', 'detection:\n  a: {}\n', 'r.yaml:6:6: needs at least one condition'],
    [
      'a missing correlation',
      'detection:\n  a: { kind: shell }\n  b: { kind: vcs }\n',
      'r.yaml:1:1: several selections need a correlation that says how they belong together',
    ],
    [
      'a selection',
      'detection:\n  read: { kind: shell }\ncorrelation: { type: temporal, rules: [reed] }\n',
      'r.yaml:7:40: unknown selection "reed"; did you mean read?',
    ],
    [
      'an unused selection',
      'detection:\n  a: { kind: shell }\n  b: { kind: vcs }\ncorrelation: { type: temporal, rules: [a] }\n',
      'r.yaml:7:3: b is used by no step',
    ],
    [
      'a count without a number',
      'detection:\n  a: { kind: shell }\ncorrelation: { type: event_count, condition: {} }\n',
      'r.yaml:7:46: event_count needs a condition with gte or gt',
    ],
    [
      'a timespan',
      'detection:\n  a: { kind: shell }\ncorrelation: { type: temporal, timespan: 5x }\n',
      'r.yaml:7:42: must be a number with s, m, h or d, such as 30m',
    ],
    [
      'an alias',
      'detection:\n  a: { kind: shell }\ncorrelation:\n  type: temporal\n  aliases: { f: { a: writes.pat } }\n  group-by: [f]\n',
      'r.yaml:9:22: unknown fact "writes.pat"; did you mean writes.path?',
    ],
    [
      'a step of a test',
      'detection:\n  a: { kind: shell }\ntests:\n  - name: n\n    expect: match\n    steps:\n      - { run: ls, read: x, wrties: [y] }\n',
      'r.yaml:11:29: unknown key "wrties"; did you mean writes?',
    ],
  ])('%s', (_, text, problem) => {
    expect(problemsOf(HEAD + text)).toContain(problem);
  });

  it('a duplicate id, and broken YAML', () => {
    const rule = `${HEAD}detection:\n  a: { kind: shell }\n`;
    expect(problemsOf(`${rule}---\n${rule}`)).toEqual(['r.yaml:8:5: the id x is used twice in this file']);
    expect(problemsOf('id: [')[0]).toMatch(/^r\.yaml:1:\d+: /);
  });
});

it('takes the level names of Sigma', () => {
  const levels = ['informational', 'low', 'medium', 'high', 'critical'].map(
    (level) => parseRules(`${HEAD.replace('error', level)}detection:\n  a: { kind: shell }\n`, 'r').rules[0]?.level,
  );
  expect(levels).toEqual(['info', 'notice', 'warning', 'error', 'critical']);
});
