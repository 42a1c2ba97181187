import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One entry of a file of Falco rules. */
export interface FalcoRule {
  readonly rule: string;
  readonly desc: string;
  readonly condition: string;
  readonly output: string;
  readonly priority: string;
  readonly tags: readonly string[];
}

export interface FalcoRules {
  readonly rules: readonly FalcoRule[];
  readonly macros: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

type Entry = Partial<FalcoRule> & {
  readonly macro?: string;
  readonly list?: string;
  readonly items?: readonly string[];
};

export const readFalcoRules = (name: string): FalcoRules => {
  const text = readFileSync(join(import.meta.dirname, '../../rules/falco', name), 'utf8');
  const entries: readonly Entry[] = parse(text);
  return {
    rules: entries.filter((entry): entry is FalcoRule => entry.rule !== undefined),
    macros: new Map(entries.flatMap(({ macro, condition }) => (macro && condition ? [[macro, condition]] : []))),
    lists: new Map(entries.flatMap(({ list, items }) => (list && items ? [[list, items]] : []))),
  };
};

/** The fields that an output line prints. */
export const printedFields = (output: string): readonly string[] =>
  [...output.matchAll(/%([a-z][\w.]*(\[[^\]]+\])?)/g)].map((match) => match[1] as string);
