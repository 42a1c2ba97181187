import type { Fact, Value } from './facts.ts';

/** Ways to compare, written behind a fact: `writes.path|endswith`. */
export const MODIFIERS = [
  'contains',
  'startswith',
  'endswith',
  're',
  'i',
  'all',
  'gt',
  'gte',
  'lt',
  'lte',
  'exists',
] as const;
export type Modifier = (typeof MODIFIERS)[number];

export type Test = (values: readonly Value[]) => boolean;

/** Raised for a condition that makes no sense; the message is for the author of the rule. */
export class ConditionError extends Error {}

/**
 * The test that a condition stands for. Of several wanted values one is enough, unless `all` is asked for; of several
 * values of the fact, one must fit. Plain values may hold the wildcards `*` and `?`.
 */
export const compileCondition = (fact: Fact, modifiers: readonly Modifier[], wanted: readonly Value[]): Test => {
  const has = (modifier: Modifier) => modifiers.includes(modifier);
  if (has('exists')) {
    const [exists] = wanted;
    if (wanted.length !== 1 || typeof exists !== 'boolean') throw new ConditionError('exists takes true or false');
    return (values) => values.length > 0 === exists;
  }
  const tests = wanted.map((value) => compare(fact, modifiers, value));
  if (has('all')) return (values) => tests.every((test) => values.some(test));
  return (values) => values.some((value) => tests.some((test) => test(value)));
};

const compare = (fact: Fact, modifiers: readonly Modifier[], wanted: Value): ((value: Value) => boolean) => {
  const order = modifiers.find((modifier) => modifier in ORDERS) as keyof typeof ORDERS | undefined;
  if (order) {
    if (fact.type !== 'number' || typeof wanted !== 'number') throw new ConditionError(`${order} compares numbers`);
    return (value) => ORDERS[order](value as number, wanted);
  }
  if (fact.type !== 'string') {
    if (typeof wanted !== fact.type)
      throw new ConditionError(`is a ${fact.type}, and ${JSON.stringify(wanted)} is none`);
    return (value) => value === wanted;
  }
  const pattern = String(wanted);
  if (modifiers.includes('re')) return matching(regExp(pattern, modifiers.includes('i')));
  const free = modifiers.includes('i') ? 'i' : '';
  const body = wildcards(pattern);
  if (modifiers.includes('contains')) return matching(new RegExp(body, `s${free}`));
  if (modifiers.includes('startswith')) return matching(new RegExp(`^${body}`, `s${free}`));
  if (modifiers.includes('endswith')) return matching(new RegExp(`${body}$`, `s${free}`));
  if (body === quoted(pattern) && !free) return (value) => value === pattern;
  return matching(new RegExp(`^${body}$`, `s${free}`));
};

const ORDERS = {
  gt: (a: number, b: number) => a > b,
  gte: (a: number, b: number) => a >= b,
  lt: (a: number, b: number) => a < b,
  lte: (a: number, b: number) => a <= b,
};

/** Text of event data that a pattern looks at: enough for every command, and a bound on what a pattern can cost. */
const MAX_TEXT = 4_096;

const matching = (pattern: RegExp) => (value: Value) => pattern.test(String(value).slice(0, MAX_TEXT));

const regExp = (source: string, free: boolean): RegExp => {
  try {
    return new RegExp(source, free ? 'i' : '');
  } catch (error) {
    throw new ConditionError((error as Error).message);
  }
};

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** `*` any text, `?` one character; a backslash takes their meaning away. */
const wildcards = (text: string): string =>
  text.replace(/\\[*?\\]|[*?]|[^*?\\]+|\\/g, (piece) => {
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    return quoted(/^\\[*?\\]$/.test(piece) ? piece.slice(1) : piece);
  });
