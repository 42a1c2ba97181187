import type { SequenceRule } from './definition.ts';
import { FACTS } from './facts.ts';
import { problemText, type RuleProblem } from './problem.ts';
import { readRules } from './read.ts';
import { shippedFiles } from './rule.ts';
import { prove } from './timeline/prove.ts';

/** All that is to be said about files of rules, without running anything. */
export interface Inspection {
  readonly rules: readonly SequenceRule[];
  /** What is wrong, each with file, line and column. */
  readonly problems: readonly string[];
}

/** Reads every file, however broken the one before; a user's file may replace a shipped rule, but no other. */
export const inspectRules = (userFiles: readonly string[], withShipped = true): Inspection => {
  const rules = new Map<string, SequenceRule>();
  const problems: RuleProblem[] = [];
  const shipped = withShipped ? shippedFiles() : [];
  for (const file of [...shipped, ...userFiles]) {
    const read = readRules(file);
    problems.push(...read.problems);
    for (const rule of read.rules) {
      const earlier = rules.get(rule.id);
      const replaces = earlier && shipped.includes(earlier.file) && !shipped.includes(file);
      if (earlier && !replaces)
        problems.push({ file, line: 1, column: 1, text: `the id ${rule.id} is used in ${earlier.file} as well` });
      if (rule.tests.length === 0) problems.push({ file, line: 1, column: 1, text: `${rule.id} has no tests` });
      rules.set(rule.id, rule);
    }
  }
  return { rules: [...rules.values()], problems: problems.map(problemText) };
};

/** What each rule's own timelines show. */
export const proveRules = (rules: readonly SequenceRule[]) =>
  rules.flatMap((rule) =>
    prove(rule).map(({ timeline, ok }) => ({ rule: rule.id, name: timeline.name, expect: timeline.expect, ok })),
  );

/** Every fact that rules may ask about, for people who write them. */
export const describeFacts = () => [...FACTS].map(([name, fact]) => ({ name, ...fact }));
