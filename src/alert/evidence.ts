import type { Session } from '../model/session.ts';
import { type Nanos, toIso } from '../model/time.ts';
import type { Finding } from '../model/verdict.ts';
import { bounded, printable } from '../platform/printable.ts';
import { earlier } from './earlier.ts';
import type { Step } from './trail.ts';

/** What one session contributes to an alert: its findings so far, the lists bounded to the latest. */
export interface Evidence {
  readonly session: Session;
  readonly latest: Finding;
  readonly count: number;
  readonly first: Nanos;
  readonly summaries: readonly string[];
  readonly steps: readonly Step[];
  readonly techniques: readonly string[];
}

const MAX_BYTES = 1_024;
const MAX_SUMMARIES = 5;
const MAX_SUMMARY_BYTES = 200;
const MAX_STEPS = 8;
const MAX_TECHNIQUES = 16;

/** The evidence with one finding more. `steps` are the actions that the finding accuses. */
export const withFinding = (
  evidence: Evidence | undefined,
  session: Session,
  finding: Finding,
  steps: readonly Step[],
): Evidence => ({
  session,
  latest: finding,
  count: (evidence?.count ?? 0) + 1,
  first: evidence ? earlier(evidence.first, finding.at) : finding.at,
  summaries: lastDistinct([...(evidence?.summaries ?? []), printable(finding.summary, MAX_SUMMARY_BYTES)]),
  steps: inOrder([...(evidence?.steps ?? []), ...steps]).slice(-MAX_STEPS),
  techniques: distinct([...(evidence?.techniques ?? []), ...finding.techniques]),
});

/**
 * What a person reads, told of the sessions that hold the alert now; details are those of the last to add a finding. `past`
 * is what an earlier process told of the same alert: its count goes on.
 */
export const annotate = (
  held: readonly [...Evidence[], Evidence],
  past: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => {
  const { session, latest, steps } = held[held.length - 1] as Evidence;
  const lines: Record<string, readonly string[]> = {
    summary: [latest.summary],
    description: steps.map(({ line }) => line),
    expected: [latest.expected ?? ''],
    summaries: lastDistinct(held.flatMap(({ summaries }) => summaries)),
    count: [String(held.reduce((sum, { count }) => sum + count, Number(past.count ?? 0)))],
    sessions: [String(held.length)],
    session: [session.id],
    run: [session.runId ?? ''],
    pod: [session.pod ?? ''],
    node: [session.node],
    techniques: [distinct(held.flatMap(({ techniques }) => techniques)).join(', ')],
    first_seen: [past.first_seen ?? toIso(held.map(({ first }) => first).reduce(earlier))],
  };
  // Only the line ends written here are real ones: those of event text have been made visible.
  const texts = Object.entries(lines).map(
    ([name, parts]) => [name, bounded(parts.map((part) => printable(part, MAX_BYTES)).join('\n'), MAX_BYTES)] as const,
  );
  return Object.fromEntries(texts.filter(([, text]) => text !== ''));
};

const lastDistinct = (summaries: readonly string[]): readonly string[] =>
  [...new Set(summaries.toReversed())].slice(0, MAX_SUMMARIES).reverse();

const inOrder = (steps: readonly Step[]): readonly Step[] =>
  [...new Map(steps.map((step) => [step.index, step])).values()].sort((a, b) => a.index - b.index);

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)].sort().slice(0, MAX_TECHNIQUES);
