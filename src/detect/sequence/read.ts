import { readFileSync } from 'node:fs';
import { LineCounter, parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import { compileRule } from './compile.ts';
import type { SequenceRule } from './definition.ts';
import { unknownName } from './name.ts';
import { Places, RuleError, type RuleProblem } from './problem.ts';
import { KNOWN_KEYS, ruleText } from './schema.ts';

/** What a file of rules holds, and all that is wrong in it. */
export interface ReadRules {
  readonly rules: readonly SequenceRule[];
  readonly problems: readonly RuleProblem[];
}

/** Reads one file: a rule, or several as a stream of YAML documents. */
export const readRules = (file: string, shown = file): ReadRules => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { rules: [], problems: [{ file: shown, line: 1, column: 1, text: (error as Error).message }] };
  }
  return parseRules(text, shown);
};

export const parseRules = (text: string, file: string): ReadRules => {
  const lines = new LineCounter();
  const rules: SequenceRule[] = [];
  const problems: RuleProblem[] = [];
  for (const document of parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })) {
    const places = new Places(file, document, lines);
    if (document.errors.length > 0) {
      for (const { pos, message } of document.errors) {
        const { line, col } = lines.linePos(pos[0]);
        problems.push({ file, line, column: col, text: message });
      }
      continue;
    }
    const result = ruleText.safeParse(document.toJS({ maxAliasCount: 64 }));
    if (!result.success) {
      problems.push(...result.error.issues.flatMap((issue) => issueProblems(issue, places)));
      continue;
    }
    const compiled = compileRule(result.data, places, file);
    problems.push(...compiled.problems);
    if (compiled.problems.length > 0) continue;
    if (rules.some(({ id }) => id === compiled.rule.id))
      problems.push(places.value(['id'], `the id ${compiled.rule.id} is used twice in this file`));
    rules.push(compiled.rule);
  }
  return { rules, problems };
};

/** The rules of several files, in order; a later one replaces an earlier one of the same id. Throws a RuleError. */
export const readAll = (files: readonly string[]): readonly SequenceRule[] => {
  const rules = new Map<string, SequenceRule>();
  const problems: RuleProblem[] = [];
  for (const file of files) {
    const read = readRules(file);
    problems.push(...read.problems);
    for (const rule of read.rules) rules.set(rule.id, rule);
  }
  if (problems.length > 0) throw new RuleError(problems);
  return [...rules.values()];
};

const issueProblems = (issue: z.core.$ZodIssue, places: Places): readonly RuleProblem[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => places.key(issue.path, key, unknownKey(key, issue.path)));
  if (issue.code === 'invalid_value')
    return [places.value(issue.path, unknownName('value', issue.input, issue.values.map(String)))];
  return [places.value(issue.path, issue.message)];
};

const unknownKey = (key: string, path: readonly PropertyKey[]): string => {
  const known = KNOWN_KEYS.find(([place]) => place.test(path.map(String).join('.')))?.[1] ?? [];
  return unknownName('key', key, known);
};
