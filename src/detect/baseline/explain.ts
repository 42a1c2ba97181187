import type { Deviation, Unusual } from '../../model/deviation.ts';
import type { Piece } from './score.ts';
import type { Standing } from './standing.ts';
import { weigh } from './weigh.ts';

/** Pieces told of one finding; the others are lighter. */
const MAX_PIECES = 8;
const MAX_TOLD = 4;

/** The pieces of a score with how often each was seen here before. */
export const unusualOf = (pieces: readonly Piece[], { own }: Standing): readonly Unusual[] =>
  pieces.slice(0, MAX_PIECES).map(({ name, kind, score }) => ({
    what: inWords(name),
    order: kind === 'order',
    score: Math.round(score * 100) / 100,
    seen: own.sessionsWith(name),
  }));

const WORDS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^own (.*)$/, 'the agent itself: $1'],
  [/^mark /, ''],
  [/^program /, 'runs '],
  [/^symbol /, 'does '],
  [/^destination \S+ /, 'connects to '],
  [/^conduct /, ''],
  [/^hidden (.+?) in (.*)$/, 'runs $1 from within $2'],
  [/^reach (\S+) in (.*)$/, 'connects $1 from $2'],
  [/^stray /, 'touches files outside the workspace: '],
  [/^sweep /, 'deletes many files: '],
  [/^order (\S+) > (\S+)$/, '$2 after $1'],
];

/** An element as a person would say it. */
export const inWords = (name: string): string => {
  const own = /^own (.*)$/.exec(name)?.[1];
  if (own !== undefined) return `the agent itself ${inWords(own)}`;
  const rule = WORDS.find(([pattern]) => pattern.test(name));
  return rule ? name.replace(rule[0], rule[1]) : name;
};

/** What came, what of it is new, and what it was held against. */
export const describe = ({ unusual, sessions, readiness }: Deviation, earlier: readonly string[]): string => {
  const told = unusual.slice(0, MAX_TOLD).map(({ what, order, seen }) => {
    if (order) return `${what} (known, but not in this order)`;
    return seen === 0 ? what : `${what} (in ${seen} of ${sessions} before)`;
  });
  const basis =
    readiness === 'cold'
      ? 'nothing was learned here yet, held against what ships for this agent'
      : `new after ${sessions} session${sessions === 1 ? '' : 's'}${readiness === 'ready' ? '' : `, baseline ${readiness}`}`;
  const before = earlier.length > 0 ? `, after ${earlier.join(', then ')}` : '';
  return `${told.join(', ')}${before}; ${basis}`;
};

/** What usually comes here, and how far this was from it. */
export const expectation = ({ expected, score, threshold }: Deviation): string => {
  const usual = expected.map(({ symbol, times, of }) => `${symbol} (${times} of ${of} times)`).join(', ');
  return `${usual || 'no session has come this way before'}; score ${score.toFixed(1)}, alert from ${threshold.toFixed(1)}`;
};

const RULES: readonly (readonly [pattern: RegExp, rule: string])[] = [
  [/^(own )?mark shell on socket/, 'new-connection'],
  [/^(own )?mark reads /, 'new-secret-read'],
  [/^(own )?mark writes (persistence|secret)/, 'new-persistence'],
  [/^(own )?mark writes agent-config/, 'new-agent-config-write'],
  [/^(own )?(destination|mark connects|reach) /, 'new-destination'],
  [/^conduct (sends|pushes)/, 'new-upload'],
  [/^conduct .*(download|decode)/, 'new-code-from-outside'],
  [/^(conduct|hidden) /, 'new-conduct'],
  [/^order /, 'new-order'],
  [/^(own )?(program|symbol) /, 'new-program'],
];

/** The kind of deviation, for alerts: a closed set. */
export const ruleOf = (name: string): string =>
  RULES.find(([pattern]) => pattern.test(name))?.[1] ?? (weigh(name).weight > 0 ? 'new-effect' : 'new-program');
