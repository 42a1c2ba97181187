import { ConditionError, compileCondition, MODIFIERS, type Modifier } from '../condition.ts';
import { FACTS, type Fact, type Value } from '../facts.ts';
import { unknownName } from '../name.ts';
import type { Path, Places, RuleProblem } from '../problem.ts';
import type { ClauseText, RuleText } from '../schema.ts';
import type { Clause, FactTest, Selection } from '../selection.ts';

/** A selection with what must be known to put it into a sequence. */
export interface NamedSelection {
  readonly name: string;
  readonly selection: Selection;
}

/** Makes tests of conditions; a condition that cannot be one becomes a problem at its place. */
export class SelectionCompiler {
  readonly #places: Places;
  readonly #problems: RuleProblem[];

  constructor(places: Places, problems: RuleProblem[]) {
    this.#places = places;
    this.#problems = problems;
  }

  all(detection: RuleText['detection']): ReadonlyMap<string, Selection> {
    const selections = new Map<string, Selection>();
    for (const [name, text] of Object.entries(detection))
      selections.set(name, this.#clauses(text, ['detection', name]));
    if (selections.size === 0) this.#problems.push(this.#places.value(['detection'], 'holds no selection'));
    return selections;
  }

  #clauses(text: ClauseText | readonly ClauseText[], path: Path): readonly Clause[] {
    if (isList(text)) return text.map((one, index) => this.#clause(one, [...path, index]));
    return [this.#clause(text, path)];
  }

  #clause(text: ClauseText, path: Path): Clause {
    const scalars: FactTest[] = [];
    const lists = new Map<string, FactTest[]>();
    const not: Clause[] = [];
    const asked = new Set<Fact['of']>();
    for (const [key, value] of Object.entries(text)) {
      if (key === 'not') {
        if (isClauses(value)) not.push(...this.#clauses(value, [...path, key]));
        else this.#problems.push(this.#places.value([...path, key], 'not takes conditions'));
        continue;
      }
      const compiled = this.#condition(key, value, path);
      if (!compiled) continue;
      asked.add(compiled.of);
      const { list } = compiled.test;
      if (list === undefined) scalars.push(compiled.test);
      else lists.set(list, [...(lists.get(list) ?? []), compiled.test]);
    }
    if (Object.keys(text).length === 0) this.#problems.push(this.#places.value(path, 'needs at least one condition'));
    if (asked.has('gap') && asked.has('action'))
      this.#problems.push(this.#places.value(path, 'can never hold: a gap is no action; make them two steps'));
    return { scalars, lists, not };
  }

  #condition(key: string, value: ClauseText[string], path: Path): { test: FactTest; of: Fact['of'] } | undefined {
    const [name = '', ...modifiers] = key.split('|');
    const fact = FACTS.get(name);
    if (!fact) return this.#key(path, key, unknownName('fact', name, [...FACTS.keys()]));
    const odd = modifiers.find((modifier) => !(MODIFIERS as readonly string[]).includes(modifier));
    if (odd !== undefined) return this.#key(path, key, unknownName('modifier', odd, MODIFIERS));
    if (isClauses(value)) return this.#key(path, key, `${name} takes values, not conditions`);
    const wanted: readonly Value[] = Array.isArray(value) ? value : [value as Value];
    if (fact.values && modifiers.length === 0) {
      const wrong = wanted.findIndex((one) => !fact.values?.some((known) => fits(known, String(one))));
      if (wrong >= 0) {
        const at = Array.isArray(value) ? [...path, key, wrong] : [...path, key];
        this.#problems.push(this.#places.value(at, unknownName(`value of ${name}`, wanted[wrong], fact.values)));
        return undefined;
      }
    }
    try {
      const test = compileCondition(fact, modifiers as Modifier[], wanted);
      return { test: { fact: name, ...(fact.list !== undefined && { list: fact.list }), test }, of: fact.of };
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      return this.#value([...path, key], `${name}: ${error.message}`);
    }
  }

  #key(path: Path, key: string, text: string): undefined {
    this.#problems.push(this.#places.key(path, key, text));
  }

  #value(path: Path, text: string): undefined {
    this.#problems.push(this.#places.value(path, text));
  }
}

const isList = (value: ClauseText | readonly ClauseText[]): value is readonly ClauseText[] => Array.isArray(value);

const isClauses = (value: ClauseText[string]): value is ClauseText | readonly ClauseText[] =>
  typeof value === 'object' && (!Array.isArray(value) || value.some((one) => typeof one === 'object'));

/** A known value may be named by a pattern. */
const fits = (known: string, wanted: string): boolean =>
  known === wanted || (wanted.includes('*') && known.startsWith(wanted.split('*', 1)[0] ?? ''));
