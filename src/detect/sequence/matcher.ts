import type { AgentAction } from '../../model/action.ts';
import type { Gap } from '../../model/flow.ts';
import type { Finding } from '../../model/verdict.ts';
import { unlessAccepted } from '../acceptance/accepted.ts';
import { matchName } from '../acceptance/names.ts';
import type { SequenceRule } from './definition.ts';
import { CountState } from './match/count.ts';
import type { Match, RuleState } from './match/match.ts';
import { OrderedState } from './match/ordered.ts';
import { UnorderedState } from './match/unordered.ts';
import { type ActionContext, type Observation, ofAction, ofGap, type Sighting } from './observation.ts';

/** The sequences of one session. What an action costs does not grow with the session: each rule's memory is bounded. */
export class SequenceMatcher {
  readonly #states: readonly { readonly rule: SequenceRule; readonly state: RuleState }[];
  #place = 0;
  #gaps = 0;
  /** Rules that are told once, and were. */
  readonly #done = new Set<string>();
  /** Actions that were shown while they went on: where they stand, and the rules and matches they were told for. */
  readonly #shown = new Map<number, { readonly place: number; readonly told: Set<string> }>();

  constructor(rules: readonly SequenceRule[]) {
    this.#states = rules.map((rule) => ({ rule, state: stateOf(rule) }));
  }

  /** Gaps that are told with an action lie before it. */
  add(action: AgentAction, context: ActionContext = {}): readonly Finding[] {
    const fresh = context.gaps?.slice(this.#gaps) ?? [];
    const own = action.kind === 'housekeeping';
    const { isAccepted } = context;
    const gaps = fresh.flatMap((gap) => this.addGap(gap, action, isAccepted));
    // However often an action is seen, it is one observation and told once for each rule; what was accepted of it while it
    // went on must not hide what it did then.
    const shown = this.#shown.get(action.index) ?? { place: own ? this.#place : this.#place++, told: new Set() };
    const found = this.#observe(ofAction(action, shown.place, context), own, isAccepted).filter(
      ({ rule, teaches }) => ![rule, ...teaches].some((told) => shown.told.has(told)),
    );
    for (const { rule, teaches, accepted } of found)
      for (const told of accepted ? teaches : [rule]) shown.told.add(told);
    if (action.preview) this.#shown.set(action.index, shown);
    else this.#shown.delete(action.index);
    return [...gaps, ...found];
  }

  addGap(
    gap: Gap,
    { session }: Pick<AgentAction, 'session'>,
    isAccepted?: ActionContext['isAccepted'],
  ): readonly Finding[] {
    this.#gaps++;
    return this.#observe(ofGap(gap, session, this.#place++), false, isAccepted);
  }

  #observe(seen: Observation, own: boolean, isAccepted: ActionContext['isAccepted'] = () => false): readonly Finding[] {
    const findings: Finding[] = [];
    for (const { rule, state } of this.#states) {
      if ((own && !rule.housekeeping) || this.#done.has(rule.id)) continue;
      const match = state.add(seen);
      if (!match) continue;
      const finding = unlessAccepted(toFinding(match, seen.sighting), isAccepted);
      findings.push(finding);
      if (rule.once && !finding.accepted) this.#done.add(rule.id);
    }
    return findings;
  }
}

const stateOf = (rule: SequenceRule): RuleState => {
  const { correlation } = rule;
  switch (correlation.type) {
    case 'temporal':
      return new UnorderedState(rule, correlation);
    case 'temporal_ordered':
      return new OrderedState(rule, correlation);
    case 'event_count':
    case 'value_count':
      return new CountState(rule, correlation);
  }
};

const earliest = (seen: readonly Sighting[]): bigint =>
  seen.map(({ start }) => start).sort((a, b) => (a < b ? -1 : 1))[0] ?? 0n;

/** Observations named in a summary; of a longer sequence the first few and the last. */
const MAX_NAMED = 4;

const toFinding = ({ rule, seen }: Match, last: Sighting): Finding => ({
  detector: 'sequence',
  rule: rule.id,
  severity: rule.level,
  at: last.end,
  start: earliest([...seen, last]),
  end: last.end,
  actions: [...new Set(seen.flatMap(({ index }) => (index === undefined ? [] : [index])))],
  summary: `${rule.title}: ${named(seen.map(({ title }) => title)).join(' → ')}`,
  techniques: rule.tags,
  teaches: [
    matchName(
      'sequence',
      rule.id,
      seen.map(({ step }) => step),
    ),
  ],
});

const named = (titles: readonly string[]): readonly string[] =>
  titles.length <= MAX_NAMED ? titles : [...titles.slice(0, MAX_NAMED - 1), '…', titles.at(-1) ?? ''];
