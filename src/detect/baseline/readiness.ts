import type { Readiness } from '../../model/deviation.ts';
import type { Nanos } from '../../model/time.ts';
import type { Baseline } from './baseline.ts';
import type { Baselines } from './baselines.ts';
import type { Standing } from './standing.ts';
import { weigh } from './weigh.ts';

export interface ReadinessOptions {
  readonly readyAfter: number;
  readonly staleAfterDays: number;
}

const DAY = 86_400_000_000_000n;

/** A scope is ready when so few of its next sessions, or fewer, are expected to show something remarkable. */
const READY_RATE = 0.25;

/** Every session of a coding agent brings some new command or other: that alone is not remarkable. */
const isRemarkable = (name: string): boolean => weigh(name).kind !== 'plain';

/**
 * Good–Turing: the chance that the next clean session shows something remarkable that this scope has not seen, by the
 * share of its sessions that have something which no other has; one more of either is thought up, so that few sessions
 * promise little.
 */
export const chanceOfNew = ({ own }: Standing): number => {
  const novel = own.profiles.filter(({ names }) =>
    names.some((name) => own.sessionsWith(name) === 1 && isRemarkable(name)),
  );
  return (novel.length + 1) / (own.sessions + 2);
};

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

/** Every scope by how far it has come, the sessions behind them, and whether that is all there is. */
export const overview = (
  baselines: Baselines,
  now: Nanos,
  options: ReadinessOptions,
): { scopes: Readonly<Record<Readiness, number>>; sessions: number; complete: boolean } => {
  const scopes: Record<Readiness, number> = { cold: 0, learning: 0, ready: 0, stale: 0 };
  let sessions = 0;
  for (const { profiles } of baselines.all()) {
    const [first] = profiles;
    if (!first) continue;
    scopes[readinessOf(baselines.of(first), now, options)]++;
    sessions += profiles.length;
  }
  return { scopes, sessions, complete: baselines.complete };
};
