import type { AgentAction } from '../model/action.ts';
import type { Deviation, Unusual } from '../model/deviation.ts';
import type { Nanos } from '../model/time.ts';
import type { Finding } from '../model/verdict.ts';

/** A finding in the words of a report that shows the accused actions beside it, so that it need not repeat them. */
export interface Telling {
  readonly text: string;
  /** What usually comes here, where a baseline knows. */
  readonly usual?: string;
  /** When the earlier actions began that it accuses as well. */
  readonly since: readonly Nanos[];
}

/** Pieces of a deviation that are told; the others are lighter. */
const MAX_PIECES = 4;

/** `accused`: the actions that the finding names, as far as they are shown. */
export const tell = (finding: Finding, accused: readonly AgentAction[]): Telling => {
  const { deviation, expected } = finding;
  const since = accused.filter(({ index }) => index !== finding.actions.at(-1)).map(({ start }) => start);
  if (deviation) return { text: deviationText(deviation), usual: usualText(deviation), since };
  return {
    text: withoutTitles(finding, accused),
    since,
    ...(expected !== undefined && { usual: expected }),
  };
};

const withoutTitles = ({ summary }: Finding, accused: readonly AgentAction[]): string => {
  let end = summary.length;
  for (const { title } of accused) {
    for (const tail of [`: ${title}`, `, during ${title}`]) {
      const at = summary.indexOf(tail);
      if (at > 0) end = Math.min(end, at);
    }
  }
  return summary.slice(0, end);
};

const deviationText = ({ unusual, sessions }: Deviation): string => {
  const told = unusual.filter((one) => !isSaidByAnother(one, unusual)).slice(0, MAX_PIECES);
  const pieces = told.map(({ what, order, seen }) => {
    if (order) return `${what} (each known, but not in this order)`;
    return seen > 0 ? `${what} (rare: in ${seen} of ${count(sessions, 'session')})` : what;
  });
  const isNew = told.some(({ order, seen }) => !order && seen === 0);
  const first = isNew && sessions > 0 ? `; new after ${count(sessions, 'session')}` : '';
  return `${pieces.join(', ') || 'an unusual course'}${first}`;
};

/** `does X reads Y` says no more than `reads Y`, which is told as well. */
const isSaidByAnother = (one: Unusual, all: readonly Unusual[]): boolean =>
  all.some((other) => other !== one && other.what !== one.what && one.what.includes(other.what));

const usualText = ({ expected, sessions, score, threshold }: Deviation): string => {
  const steps = expected.map(({ symbol, times, of }) => `${symbol} (${times} of ${of} times)`);
  const usual =
    sessions === 0 ? 'nothing learned in this scope yet' : steps.join(', ') || 'no clean session came this way';
  return `${usual}; score ${score.toFixed(1)}, alert from ${threshold.toFixed(1)}`;
};

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
