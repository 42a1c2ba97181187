import type { Correlation, Join, Step } from '../definition.ts';
import { FACTS } from '../facts.ts';
import { unknownName } from '../name.ts';
import type { Path, Places, RuleProblem } from '../problem.ts';
import type { CorrelationText } from '../schema.ts';
import type { Selection } from '../selection.ts';

const SECONDS: Readonly<Record<string, bigint>> = { s: 1n, m: 60n, h: 3_600n, d: 86_400n };
const DEFAULT_TIMESPAN = '1h';

/** Joins a rule's selections to a sequence; without `correlation` there is one, and it is the whole rule. */
export class CorrelationCompiler {
  readonly #places: Places;
  readonly #problems: RuleProblem[];
  readonly #selections: ReadonlyMap<string, Selection>;

  constructor(places: Places, problems: RuleProblem[], selections: ReadonlyMap<string, Selection>) {
    this.#places = places;
    this.#problems = problems;
    this.#selections = selections;
  }

  compile(text: CorrelationText | undefined): Correlation {
    const single = text === undefined && this.#selections.size > 1;
    if (single) this.#wrong([], 'several selections need a correlation that says how they belong together');
    const { type = 'temporal_ordered', unless: without = [], timespan = DEFAULT_TIMESPAN } = text ?? {};
    const named = text?.rules ?? [...this.#selections.keys()].filter((name) => !without.includes(name));
    const steps = named.map((name, index) => this.#step(name, ['correlation', 'rules', index]));
    const unless = without.map((name, index) => this.#step(name, ['correlation', 'unless', index]));
    for (const name of this.#selections.keys())
      if (!single && !named.includes(name) && !without.includes(name))
        this.#problems.push(this.#places.key(['detection'], name, `${name} is used by no step`));
    if (named.length === 0) this.#wrong(['correlation'], 'has no step');
    const common = { steps, unless, timespan: nanos(timespan), joins: this.#joins(text, [...named, ...without]) };
    if (type === 'event_count' || type === 'value_count') return { type, ...common, ...this.#count(type, text) };
    if (text?.condition) this.#wrong(['correlation', 'condition'], `${type} counts nothing`);
    return { type, ...common, ...(text?.within !== undefined && { within: text.within }) };
  }

  #step(name: string, path: Path): Step {
    const selection = this.#selections.get(name);
    if (!selection) this.#wrong(path, unknownName('selection', name, [...this.#selections.keys()]));
    return { name, selection: selection ?? [] };
  }

  #count(type: string, text: CorrelationText | undefined) {
    const { gte, gt, field } = text?.condition ?? {};
    if ((gte === undefined) === (gt === undefined))
      this.#wrong(['correlation', 'condition'], `${type} needs a condition with gte or gt`);
    if ((type === 'value_count') !== (field !== undefined))
      this.#wrong(
        ['correlation', 'condition'],
        `${type === 'value_count' ? 'value_count needs' : 'event_count has no'} field`,
      );
    if (text?.within !== undefined) this.#wrong(['correlation', 'within'], `${type} takes a timespan only`);
    const fact = field === undefined ? undefined : this.#fact(field, ['correlation', 'condition', 'field']);
    return { atLeast: gte ?? (gt ?? 0) + 1, ...(fact && { field: fact }) };
  }

  /** Sigma's group-by: a fact of every step, or an alias that says which fact of which step. */
  #joins(text: CorrelationText | undefined, steps: readonly string[]): readonly Join[] {
    const aliases = text?.aliases ?? {};
    const groups = text?.['group-by'] ?? [];
    for (const alias of Object.keys(aliases))
      if (!groups.includes(alias))
        this.#problems.push(this.#places.key(['correlation', 'aliases'], alias, `${alias} is in no group-by`));
    return groups.map((name, index) => {
      const alias = aliases[name];
      const of: [string, { fact: string; list?: string }][] = [];
      if (!alias) {
        const fact = this.#fact(name, ['correlation', 'group-by', index], Object.keys(aliases));
        return { name, of: new Map(fact ? steps.map((step) => [step, fact] as const) : []) };
      }
      for (const [step, factName] of Object.entries(alias)) {
        const path = ['correlation', 'aliases', name];
        if (!steps.includes(step))
          this.#problems.push(this.#places.key(path, step, unknownName('selection', step, steps)));
        const fact = this.#fact(factName, [...path, step]);
        if (fact) of.push([step, fact]);
      }
      return { name, of: new Map(of) };
    });
  }

  #fact(name: string, path: Path, others: readonly string[] = []): { fact: string; list?: string } | undefined {
    const fact = FACTS.get(name);
    if (fact) return { fact: name, ...(fact.list !== undefined && { list: fact.list }) };
    this.#wrong(path, unknownName('fact', name, [...others, ...FACTS.keys()]));
    return undefined;
  }

  #wrong(path: Path, text: string): void {
    this.#problems.push(this.#places.value(path, text));
  }
}

const nanos = (timespan: string): bigint =>
  BigInt(timespan.slice(0, -1)) * (SECONDS[timespan.slice(-1)] ?? 1n) * 1_000_000_000n;
