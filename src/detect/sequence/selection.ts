import type { Test } from './condition.ts';
import { thingsOf, type Value, valuesOf } from './facts.ts';
import type { Observation } from './observation.ts';

/** A condition on one fact. */
export interface FactTest {
  readonly fact: string;
  /** The list that the fact is a part of. */
  readonly list?: string;
  readonly test: Test;
}

/** Conditions of which all must hold. */
export interface Clause {
  readonly scalars: readonly FactTest[];
  /** Conditions on parts of one list, by list: one thing in it must fulfil all of them. */
  readonly lists: ReadonlyMap<string, readonly FactTest[]>;
  readonly not: readonly Clause[];
}

/** What a rule looks for in one action: any of these clauses. */
export type Selection = readonly Clause[];

export const selects = (selection: Selection, seen: Observation): boolean =>
  selection.some((clause) => holds(clause, seen));

const holds = ({ scalars, lists, not }: Clause, seen: Observation): boolean => {
  for (const { fact, test } of scalars) if (!test(valuesOf(fact, seen))) return false;
  for (const [list, tests] of lists) if (!thingsOf(list, seen).some((thing) => fits(tests, thing))) return false;
  return !not.some((clause) => holds(clause, seen));
};

const fits = (tests: readonly FactTest[], thing: unknown): boolean =>
  tests.every(({ fact, test }) => test(valuesOf(fact, thing)));

/** The values of a fact in what was selected: of a list, those of the things that fulfil its conditions. */
export const selectedValues = (selection: Selection, fact: string, list: string | undefined, seen: Observation) => {
  const values = new Set<Value>();
  for (const clause of selection) {
    if (!holds(clause, seen)) continue;
    const tests = (list !== undefined && clause.lists.get(list)) || [];
    const things = list === undefined ? [seen] : thingsOf(list, seen).filter((thing) => fits(tests, thing));
    for (const thing of things) for (const value of valuesOf(fact, thing)) values.add(value);
  }
  return values;
};
