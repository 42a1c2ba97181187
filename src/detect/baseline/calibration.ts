import { OrderWatch } from './order-watch.ts';
import { type SessionProfile, shapeNames, symbolIn } from './profile.ts';
import { SessionScore } from './score.ts';
import type { Standing } from './standing.ts';
import { ALERT, GRAVE } from './weigh.ts';

/** What the clean sessions of a scope score, each against all the others. */
export interface Calibration {
  readonly sessions: number;
  /** The highest score of each session, highest first. */
  readonly scores: readonly number[];
  /** The highest sum of order of each session, highest first. */
  readonly orders: readonly number[];
}

/** Sessions that are judged again, the latest to be learned: enough to rank one in a hundred. */
const MOST = 200;

type Without = <T>(profile: SessionProfile, judge: (standing: Standing) => T) => T;

export const calibrate = (profiles: readonly SessionProfile[], without: Without): Calibration => {
  const peaks = profiles.slice(-MOST).map((profile) => without(profile, (standing) => peaksOf(profile, standing)));
  return {
    sessions: profiles.length,
    scores: peaks.map(({ score }) => score).sort(descending),
    orders: peaks.map(({ order }) => order).sort(descending),
  };
};

const descending = (a: number, b: number): number => b - a;

/** Judges a learned session again. What the agent did for itself comes first: its place was not kept. */
export const peaksOf = (profile: SessionProfile, standing: Standing): { score: number; order: number } => {
  const scorer = new SessionScore(standing);
  const watch = new OrderWatch(standing.own.order, (symbol) => standing.novelty(`symbol ${symbol}`) === 0);
  let [score, order] = [0, 0];
  const placed = new Set(profile.path);
  profile.shapes.forEach((_, shape) => {
    if (!placed.has(shape)) score = Math.max(score, scorer.add(shapeNames(profile, shape), true).total);
  });
  for (const shape of profile.path) {
    const names = shapeNames(profile, shape);
    score = Math.max(score, scorer.add(names, false).total);
    const symbol = symbolIn(names);
    if (symbol !== undefined) order = Math.max(order, watch.add(symbol).sum);
  }
  return { score, order };
};

/** A tenth of the false alerts, for each step that the threshold is raised: how scores of clean sessions thin out. */
const STEP = 1;
const DEFAULT_RATE = 0.01;

/**
 * The score from which an action is an alert: such that of the scope's own clean sessions, each held against the others,
 * no more than `rate` reach it (split conformal). While there are too few to tell, none may reach it, and what ships as
 * the prior's sessions count with them. It never falls below what the rate asks of any scope, and never rises so far
 * that a noisy past excuses what is grave.
 */
export const thresholdOf = (own: readonly number[], prior: readonly number[], rate: number): number => {
  const floor = Math.max(2.5, Math.min(6, ALERT - STEP * Math.log10(rate / DEFAULT_RATE)));
  return Math.min(GRAVE, Math.max(floor, quantile(own, prior, rate)));
};

const quantile = (own: readonly number[], prior: readonly number[], rate: number): number => {
  const scores = (own.length + 1) * rate >= 1 ? own : [...own, ...prior].sort(descending);
  const allowed = Math.max(0, Math.floor((scores.length + 1) * rate) - 1);
  const highest = scores[allowed];
  // Just above the highest that was seen.
  return highest === undefined ? 0 : highest * 1.05 + 0.01;
};

/** Share of the sessions that the tail is read from. */
const TAIL = 1 / 3;

/**
 * The value that a session reaches at the rate asked for, read from the highest third of what was seen as if it thinned
 * out evenly (an exponential tail): for figures that no prior is known for, and too few sessions to rank.
 */
export const tailLimit = (values: readonly number[], rate: number): number => {
  const count = Math.max(1, Math.floor(values.length * TAIL));
  const from = values[count] ?? 0;
  const excess = values.slice(0, count).reduce((sum, value) => sum + value - from, 0) / count;
  return from + excess * Math.max(0, Math.log(count / values.length / rate));
};

/** Share of clean sessions, this one counted with them, that score at least so much. */
export const pValue = (score: number, scores: readonly number[]): number =>
  (1 + scores.filter((one) => one >= score).length) / (scores.length + 1);
