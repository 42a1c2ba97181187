import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FACTS } from '../../../src/detect/sequence/facts.ts';
import { inspectRules } from '../../../src/detect/sequence/inspect.ts';
import { SequenceMatcher } from '../../../src/detect/sequence/matcher.ts';
import { actionsOf } from '../../../src/detect/sequence/timeline/actions.ts';
import { prove } from '../../../src/detect/sequence/timeline/prove.ts';
import { severityAtLeast } from '../../../src/model/verdict.ts';

const docs = (name: string) => readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8');
const { rules, problems } = inspectRules([]);

describe('the shipped pack', () => {
  it('is free of mistakes', () => {
    expect(problems).toEqual([]);
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s does what its timelines say', (_, rule) => {
    for (const { timeline, ok } of prove(rule)) expect(ok, timeline.name).toBe(true);
    const expects = new Set(rule.tests.map(({ expect: wanted }) => wanted));
    expect(expects).toEqual(new Set(['match', 'quiet']));
  });

  it('keeps one rule a file, under its id', () => {
    for (const { id, file } of rules) expect(basename(file, '.yaml')).toBe(id);
  });

  it('alerts in no timeline that is benign for any of its rules', () => {
    const loud = rules.flatMap(({ id, tests }) =>
      tests
        .filter(({ expect: wanted }) => wanted === 'quiet')
        .flatMap((timeline) => {
          const matcher = new SequenceMatcher(rules);
          const findings = actionsOf(timeline).flatMap((step) =>
            'gap' in step ? [] : matcher.add(step.action, { novel: step.novel }),
          );
          return findings
            .filter(({ severity }) => severityAtLeast(severity, 'warning'))
            .map(({ rule }) => `${id}: ${timeline.name}: ${rule}`);
        }),
    );
    expect(loud).toEqual([]);
  });
});

describe('docs/coverage.md', () => {
  const rows = [...docs('coverage.md').matchAll(/^\| (T\d\d) \|(.*)\|$/gm)].map(
    (row) => [row[1] as string, row[2] as string] as const,
  );

  it('has a row for each class', () => {
    expect(rows.map(([name]) => name)).toEqual(
      Array.from({ length: 25 }, (_, n) => `T${String(n + 1).padStart(2, '0')}`),
    );
  });

  it.each(rows)('%s names the rules that are meant for it, or says why there are none', (name, text) => {
    const meant = rules.filter(({ covers }) => covers.includes(name)).map(({ id }) => id);
    const named = [...text.matchAll(/`([a-z0-9-]+)`/g)]
      .map((match) => match[1])
      .filter((id) => rules.some((rule) => rule.id === id));
    expect([...new Set(named)].sort()).toEqual(meant.sort());
    if (meant.length === 0) expect(text.length).toBeGreaterThan(80);
  });
});

describe('docs/sequence-rules.md', () => {
  it('tells of every fact, and of none that does not exist', () => {
    const named = [...docs('sequence-rules.md').matchAll(/^\| `([\w.]+)` \|/gm)].map((match) => match[1]);
    expect(named).toEqual([...FACTS.keys()]);
  });
});
