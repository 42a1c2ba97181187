import type { Session } from '../model/session.ts';
import { type Nanos, toIso } from '../model/time.ts';
import type { Finding } from '../model/verdict.ts';
import { bounded, printable } from '../platform/printable.ts';
import { earlier } from './earlier.ts';
import type { Labels } from './labels.ts';
import { nextSteps } from './next-steps.ts';
import { type CiServers, runUrl } from './run-url.ts';
import type { Step } from './trail.ts';

/** What one session contributes to an alert: its findings so far, the lists bounded to the latest. */
export interface Evidence {
  readonly session: Session;
  readonly latest: Finding;
  readonly count: number;
  readonly first: Nanos;
  readonly summaries: readonly string[];
  readonly steps: readonly Step[];
  readonly runUrl?: string | undefined;
  readonly techniques: readonly string[];
}

const MAX_BYTES = 1_024;
const MAX_SUMMARIES = 5;
const MAX_SUMMARY_BYTES = 200;
const MAX_STEPS = 8;
const MAX_TECHNIQUES = 16;
const MAX_REPOSITORIES = 10;

/** The evidence with one finding more. `steps` are the actions that the finding accuses. */
export const withFinding = (
  evidence: Evidence | undefined,
  session: Session,
  finding: Finding,
  steps: readonly Step[],
  ciServers: CiServers,
): Evidence => ({
  session,
  latest: finding,
  count: (evidence?.count ?? 0) + 1,
  first: evidence ? earlier(evidence.first, finding.at) : finding.at,
  summaries: lastDistinct([...(evidence?.summaries ?? []), printable(finding.summary, MAX_SUMMARY_BYTES)]),
  steps: worthTelling(merged([...(evidence?.steps ?? []), ...steps])),
  runUrl: runUrl(session, ciServers),
  techniques: distinct([...(evidence?.techniques ?? []), ...finding.techniques]),
});

/** What an alert is besides the evidence of those who hold it. */
export interface AlertFacts {
  readonly incident: string;
  /** Names that it accuses. */
  readonly accusations: number;
  readonly labels: Labels;
  /** How many sessions hold it, those that an earlier process knew included. */
  readonly sessions: number;
  /** What an earlier process told of the same alert: its count goes on. */
  readonly past?: Readonly<Record<string, string>>;
}

/** What a person reads, told of the sessions that hold the alert now; details are those of the last to add a finding. */
export const annotate = (
  held: readonly [...Evidence[], Evidence],
  { incident, accusations, labels, sessions, past = {} }: AlertFacts,
): Readonly<Record<string, string>> => {
  const { session, latest, steps, runUrl: url = '' } = held[held.length - 1] as Evidence;
  const lines: Record<string, readonly string[]> = {
    summary: [latest.summary],
    description: steps.map(({ line, flagged }) => `${flagged ? '> ' : '- '}${line}`),
    expected: [latest.expected ?? ''],
    summaries: lastDistinct(held.flatMap(({ summaries }) => summaries)),
    count: [String(held.reduce((sum, { count }) => sum + count, Number(past.count ?? 0)))],
    sessions: [String(sessions)],
    session: [session.id],
    where: [whereOf(session)],
    run_url: [url],
    repositories: [repositoriesOf(held)],
    next_steps: nextSteps(labels, `${incident}.${accusations}`),
    incident: [incident],
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

/** Each step once, flagged if it ever was, in order. */
const merged = (steps: readonly Step[]): readonly Step[] => {
  const byIndex = new Map<number, Step>();
  for (const step of steps) {
    const flagged = step.flagged || byIndex.get(step.index)?.flagged;
    byIndex.set(step.index, flagged ? { ...step, flagged } : step);
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
};

/** The latest of too many, the flagged before the others. */
const worthTelling = (steps: readonly Step[]): readonly Step[] => {
  const best = steps.toSorted((a, b) => Number(b.flagged ?? false) - Number(a.flagged ?? false) || b.index - a.index);
  return best.slice(0, MAX_STEPS).sort((a, b) => a.index - b.index);
};

/** Where the session ran, in one line. */
const whereOf = ({ scope, pod, namespace, node, runId }: Session): string => {
  const job = [scope.repository, scope.workflow, scope.job].filter((part) => part).join(' / ');
  const place = pod ? `pod ${namespace ? `${namespace}/` : ''}${pod}` : '';
  return [job, runId ? `run ${runId}` : '', place, `node ${node}`].filter((part) => part !== '').join(', ');
};

/** The repositories of an alert that stands for many. */
const repositoriesOf = (held: readonly Evidence[]): string => {
  const names = [...new Set(held.map(({ session }) => session.scope.repository ?? '').filter((name) => name !== ''))];
  const shown = names.slice(0, MAX_REPOSITORIES).join(', ');
  return names.length < 2 ? '' : `${names.length}: ${shown}${names.length > MAX_REPOSITORIES ? ', …' : ''}`;
};

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)].sort().slice(0, MAX_TECHNIQUES);
