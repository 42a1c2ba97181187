import type { AgentAction, Touch } from '../../model/action.ts';
import type { Finding } from '../../model/verdict.ts';
import type { SequenceRule, SequenceStep } from './rule.ts';

/** A sequence whose first steps have been seen. */
interface Partial {
  readonly rule: SequenceRule;
  /** The step that is waited for. */
  readonly next: number;
  readonly actions: readonly number[];
  readonly titles: readonly string[];
  readonly start: bigint;
}

/** Partial matches kept of one rule in one session; the oldest give way. */
const MAX_PARTIALS = 4;

/** The sequences of one session. What an action costs does not grow with the session: a few partial matches a rule. */
export class SequenceMatcher {
  readonly #rules: readonly SequenceRule[];
  readonly #partials = new Map<string, readonly Partial[]>();

  constructor(rules: readonly SequenceRule[]) {
    this.#rules = rules;
  }

  add(action: AgentAction): readonly Finding[] {
    const findings: Finding[] = [];
    for (const rule of this.#rules) {
      if (action.kind === 'housekeeping' && !rule.housekeeping) continue;
      const finding = this.#advance(rule, action);
      if (finding) findings.push(finding);
    }
    return findings;
  }

  #advance(rule: SequenceRule, action: AgentAction): Finding | undefined {
    const horizon = action.end - BigInt(rule.timespanSeconds) * 1_000_000_000n;
    const waiting = (this.#partials.get(rule.id) ?? []).filter(({ start }) => start >= horizon);
    const fresh: Partial = { rule, next: 0, actions: [], titles: [], start: action.start };
    let complete: Partial | undefined;
    const kept: Partial[] = [];
    for (const partial of [...waiting, fresh]) {
      const advanced = walk(partial, action);
      const done = advanced?.next === rule.steps.length;
      // What is complete is told once; what has only come further may come this way again.
      if (done) complete ??= advanced;
      else if (partial !== fresh) kept.push(partial);
      if (advanced && !done) kept.push(advanced);
    }
    this.#partials.set(rule.id, distinct(kept).slice(-MAX_PARTIALS));
    return complete && toFinding(complete, action);
  }
}

/** Takes as many steps as the action is good for; undefined when it is good for none. */
const walk = (partial: Partial, action: AgentAction): Partial | undefined => {
  let next = partial.next;
  while (next < partial.rule.steps.length && holds(partial.rule.steps[next] as SequenceStep, action)) next++;
  if (next === partial.next) return undefined;
  return {
    ...partial,
    next,
    actions: [...partial.actions, action.index],
    titles: [...partial.titles, action.title],
    start: partial.actions.length === 0 ? action.start : partial.start,
  };
};

/** Of partial matches that wait for the same step the latest is enough. */
const distinct = (partials: readonly Partial[]): readonly Partial[] => [
  ...new Map(partials.map((partial) => [partial.next, partial])).values(),
];

const holds = (step: SequenceStep, { kind, effects }: AgentAction): boolean =>
  (step.kind === undefined || step.kind.includes(kind)) &&
  touches(step.reads, effects.reads) &&
  touches(step.writes, effects.writes) &&
  touches(step.deletes, effects.deletes) &&
  touches(step.executes, effects.executed) &&
  (step.connects === undefined ||
    effects.connections.some(({ network, modelApi }) => !modelApi && step.connects?.includes(network))) &&
  (step.programs === undefined || effects.programs.some((program) => step.programs?.includes(program))) &&
  (step.shellOnSocket === undefined || effects.shellOnSocket);

const touches = (classes: readonly string[] | undefined, touched: readonly Touch[]): boolean =>
  classes === undefined || touched.some((touch) => classes.some((wanted) => isClass(touch.class, wanted)));

const isClass = (name: string, wanted: string): boolean =>
  wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;

const toFinding = ({ rule, actions, titles, start }: Partial, action: AgentAction): Finding => ({
  detector: 'sequence',
  rule: rule.id,
  severity: rule.level,
  at: action.end,
  start,
  end: action.end,
  actions,
  summary: `${rule.title}: ${titles.join(' → ')}`,
  techniques: rule.tags,
});
