import type { Readiness } from '../../model/deviation.ts';
import type { Nanos } from '../../model/time.ts';
import type { Baseline } from './baseline.ts';
import type { Baselines } from './baselines.ts';
import type { Standing } from './standing.ts';
import { KINDS } from './weigh.ts';

export interface ReadinessOptions {
  readonly readyAfter: number;
  readonly staleAfterDays: number;
}

const DAY = 86_400_000_000_000n;

/** A scope is ready when so few of its next sessions, or fewer, are expected to show something remarkable. */
const READY_RATE = 0.25;

/** The kinds whose novelty matters: every session of a coding agent brings some new command or other. */
export const REMARKABLE = KINDS.filter((kind) => kind !== 'plain');

/** Good–Turing: the chance that the next clean session shows something remarkable that this scope has not seen. */
export const chanceOfNew = (standing: Standing): number =>
  1 - REMARKABLE.reduce((quiet, kind) => quiet * (1 - standing.rate(kind)), 1);

/** How far a scope has come, at a time. */
export const readinessOf = (
  standing: Standing,
  now: Nanos,
  { readyAfter, staleAfterDays }: ReadinessOptions,
): Readiness => {
  const { own } = standing;
  if (own.sessions === 0) return 'cold';
  if (now - latestOf(own) > BigInt(staleAfterDays) * DAY) return 'stale';
  return own.sessions >= readyAfter && chanceOfNew(standing) <= READY_RATE ? 'ready' : 'learning';
};

/** When the last session that was learned had ended. */
export const latestOf = ({ profiles }: Baseline): Nanos =>
  profiles.reduce((latest, { ended }) => (BigInt(ended) > latest ? BigInt(ended) : latest), 0n);

/** Every scope by how far it has come, and the sessions behind them. */
export const overview = (
  baselines: Baselines,
  now: Nanos,
  options: ReadinessOptions,
): { scopes: Readonly<Record<Readiness, number>>; sessions: number } => {
  const scopes: Record<Readiness, number> = { cold: 0, learning: 0, ready: 0, stale: 0 };
  let sessions = 0;
  for (const { profiles } of baselines.all()) {
    const [first] = profiles;
    if (!first) continue;
    scopes[readinessOf(baselines.of(first), now, options)]++;
    sessions += profiles.length;
  }
  return { scopes, sessions };
};
