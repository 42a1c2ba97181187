import type { AgentAction } from '../../model/action.ts';
import type { Finding, Severity } from '../../model/verdict.ts';
import type { Baseline } from './baseline.ts';
import { ALERT_WEIGHT, type Element, elementsOf } from './elements.ts';
import { BEGIN } from './profile.ts';

export interface DeviationOptions {
  readonly knownAfter: number;
  readonly readyAfter: number;
}

/** What a session has shown so far, as far as it matters for what comes next. */
export interface SessionMemory {
  /** Elements that were reported in this session and are not reported again. */
  readonly reported: Set<string>;
  /** True once a secret was read. */
  readSecret: boolean;
  /** Symbol of the action before. */
  previous: string;
}

export const newMemory = (): SessionMemory => ({ reported: new Set(), readSecret: false, previous: BEGIN });

/** Weight from which something is alarming even where nothing was learned yet. */
const ALARMING = 8;

/** Holds one action against what is normal in its scope. */
export const deviation = (
  action: AgentAction,
  baseline: Baseline,
  memory: SessionMemory,
  { knownAfter, readyAfter }: DeviationOptions,
): Finding | undefined => {
  const fresh = elementsOf(action).filter(
    ({ name }) => baseline.sessionsWith(name) < knownAfter && !memory.reported.has(name),
  );
  const hadSecret = memory.readSecret;
  const previous = memory.previous;
  memory.readSecret ||=
    action.effects.reads.some((touch) => touch.class.startsWith('secret:')) && action.kind !== 'housekeeping';
  if (action.kind !== 'housekeeping') memory.previous = action.symbol;
  const ready = baseline.sessions >= readyAfter;
  const severity = severityOf(fresh, ready, hadSecret);
  if (!severity) return undefined;
  for (const { name } of fresh) memory.reported.add(name);
  const [heaviest] = fresh.toSorted((a, b) => b.weight - a.weight);
  return {
    detector: 'baseline',
    rule: ruleOf(heaviest?.name ?? ''),
    severity,
    at: action.end,
    start: action.start,
    end: action.end,
    actions: [action.index],
    summary: `${action.title}: ${describe(fresh, baseline)}`,
    expected: expectation(baseline, previous),
    techniques: [],
  };
};

const severityOf = (fresh: readonly Element[], ready: boolean, hadSecret: boolean): Severity | undefined => {
  const total = fresh.reduce((sum, { weight }) => sum + weight, 0);
  const most = fresh.reduce((max, { weight }) => Math.max(max, weight), 0);
  const leaves = fresh.some(({ name }) => name.startsWith('destination public '));
  if (leaves && hadSecret) return 'critical';
  if (most >= ALARMING) return 'error';
  if (!ready) return most >= ALERT_WEIGHT ? 'notice' : undefined;
  if (most >= ALERT_WEIGHT) return 'warning';
  return total >= ALERT_WEIGHT ? 'notice' : undefined;
};

const RULES: readonly (readonly [pattern: RegExp, rule: string])[] = [
  [/destination /, 'new-destination'],
  [/mark (shell on socket|connects )/, 'new-connection'],
  [/mark reads /, 'new-secret-read'],
  [/mark writes persistence:/, 'new-persistence'],
  [/mark writes agent-config/, 'new-agent-config-write'],
  [/mark /, 'new-effect'],
];

const ruleOf = (name: string): string => RULES.find(([pattern]) => pattern.test(name))?.[1] ?? 'new-program';

const MAX_TOLD = 4;

const describe = (fresh: readonly Element[], baseline: Baseline): string => {
  const told = fresh
    .filter(({ name }) => !/symbol /.test(name))
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, MAX_TOLD)
    .map(({ name }) => {
      const seen = baseline.sessionsWith(name);
      const thing = name
        .replace(/^(own )?(mark )?/, '')
        .replace(/^program /, 'runs ')
        .replace(/^destination \S+ /, 'connects to ');
      return seen === 0 ? thing : `${thing} (in ${seen} before)`;
    });
  const { sessions } = baseline;
  const basis =
    sessions === 0 ? 'nothing was learned here yet' : `new after ${sessions} session${sessions === 1 ? '' : 's'}`;
  return `${told.join(', ')}; ${basis}`;
};

const expectation = (baseline: Baseline, previous: string): string => {
  const after = baseline.expectedAfter(previous);
  if (after.length === 0) return 'no session has come this way before';
  return after.map(([symbol, share]) => `${symbol} (${Math.round(share * 100)} %)`).join(', ');
};
