import type { Severity } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';

/** A rule as a list shows it. */
export interface RuleLine {
  readonly id: string;
  readonly title: string;
  readonly level: Severity;
  readonly covers: readonly string[];
}

/** One timeline of a rule, and whether the rule did what it expects. */
export interface ProofLine {
  readonly rule: string;
  readonly name: string;
  readonly expect: 'match' | 'quiet';
  readonly ok: boolean;
}

/** A fact that rules may ask about. */
export interface FactLine {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
  readonly values?: readonly string[];
}

export const ruleList = (rules: readonly RuleLine[]): string => {
  const width = Math.max(0, ...rules.map(({ id }) => id.length));
  const line = ({ id, level, title, covers }: RuleLine) =>
    `${id.padEnd(width)}  ${level.padEnd(8)}  ${printable(title, 100)}${covers.length > 0 ? `  (${covers.join(' ')})` : ''}\n`;
  return rules.map(line).join('');
};

/** The failures, and a count of all. */
export const proofReport = (proofs: readonly ProofLine[]): string => {
  const failed = proofs.filter(({ ok }) => !ok);
  const lines = failed.map(
    ({ rule, name, expect }) =>
      `failed  ${rule}: ${printable(name, 100)}: should ${expect === 'match' ? 'match, and does not' : 'stay quiet, and matches'}\n`,
  );
  return `${lines.join('')}${proofs.length} timelines, ${failed.length} failed\n`;
};

export const factList = (facts: readonly FactLine[]): string => {
  const width = Math.max(0, ...facts.map(({ name }) => name.length));
  return facts.map(({ name, type, meaning }) => `${name.padEnd(width)}  ${type.padEnd(7)}  ${meaning}\n`).join('');
};
