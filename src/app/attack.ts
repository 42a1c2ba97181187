import { randomBytes } from 'node:crypto';
import { Arrival } from '../alert/arrival.ts';
import { type Trial, trialsOf } from '../detect/sequence/timeline/trial.ts';
import { severityAtLeast } from '../model/verdict.ts';
import { type Clock, sleep, systemClock } from '../platform/clock.ts';
import type { AppDeps } from './knowledge.ts';
import { listRules } from './rules.ts';

export interface AttackOptions {
  /** The receiver of a running creance. */
  readonly against: string;
  /** Only what this rule must find. */
  readonly rule?: string | undefined;
  /** Wait so long for the alerts at every Alertmanager. In milliseconds. */
  readonly waitMs?: number | undefined;
  /** Keep Alertmanager from telling people of them. */
  readonly silence?: boolean;
  /** Told of each step that has succeeded. */
  readonly onStep: (line: string) => void;
}

/** The repository that the events tell of. */
const REPOSITORY = 'creance/selftest';

const POLL_MS = 250;

/** Longer than any alert of a session that is over goes on: the least time that it fires, and a repetition. */
const silenceMs = ({ minFiringMs, resendMs }: AppDeps['config']['alert'], waitMs: number): number =>
  waitMs + minFiringMs + 2 * resendMs;

/**
 * Sends known attacks to a running creance as Falco's http_output would. With `waitMs` they run under a CI job that no
 * other run has, and it resolves when their alerts have arrived. Rejects with the first thing that is not as it must be.
 */
export const attack = async (deps: AppDeps, options: AttackOptions): Promise<void> => {
  const { config, signal, clock = systemClock } = deps;
  const { against, rule, waitMs, silence = false, onStep } = options;
  const trials = trialsOf(listRules(config)).filter(
    (trial) => trial.expect === 'match' && trial.untold === undefined && (rule === undefined || trial.rule === rule),
  );
  if (trials.length === 0) throw new Error(`no rule ${rule ?? ''} has a timeline that can be sent`);
  const job = `selftest-${randomBytes(4).toString('hex')}`;
  const arrival = waitMs === undefined ? undefined : await openArrival(deps, clock);
  try {
    const labels = { repository: REPOSITORY, job };
    if (arrival && silence) {
      await arrival.silence(labels, silenceMs(config.alert, waitMs ?? 0));
      onStep(`nobody is told of job="${job}": silenced at ${arrival.names.join(', ')}`);
    }
    const events = trials.flatMap(({ events: told, lasts }) => told(clock.now() - lasts, job));
    const taken = await send(against, events, signal);
    const where = `repository="${REPOSITORY}", job="${job}"`;
    onStep(`${taken} of ${events.length} events were taken by ${against}; their alerts have ${where}`);
    if (taken < events.length) throw new Error(`${against} did not take every event`);
    if (!arrival || waitMs === undefined) return;
    const rules = expected(trials, config.alert.minSeverity);
    if (rules.length === 0) throw new Error('every rule is below alert.minSeverity: no alert would come');
    await all(arrival, labels, rules, { clock, signal, waitMs });
    onStep(
      `alerts of ${rules.length} rule${rules.length === 1 ? '' : 's'} have arrived at ${arrival.names.join(', ')}`,
    );
  } finally {
    await arrival?.close();
  }
};

const openArrival = ({ config }: AppDeps, clock: Clock): Promise<Arrival> => {
  if (config.alert.alertmanagers.length === 0)
    throw new Error('there is no Alertmanager to wait for: alert.alertmanagers is empty');
  return Arrival.open(config.alert, clock);
};

/** The rules whose alert must come; what is less severe is noticed only. */
const expected = (trials: readonly Trial[], floor: AppDeps['config']['alert']['minSeverity']): readonly string[] => [
  ...new Set(trials.filter(({ level }) => severityAtLeast(level, floor)).map(({ rule }) => rule)),
];

interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly waitMs: number;
}

const all = async (
  arrival: Arrival,
  labels: Readonly<Record<string, string>>,
  rules: readonly string[],
  { clock, signal, waitMs }: Waiting,
): Promise<void> => {
  const deadline = clock.monotonic() + BigInt(waitMs) * 1_000_000n;
  for (;;) {
    const missing = await arrival.missing(labels, rules).catch((error: Error) => [error.message]);
    if (missing.length === 0) return;
    if (signal.aborted || clock.monotonic() >= deadline)
      throw new Error(`not within ${waitMs / 1_000} s: ${missing.join('; ')}`);
    await sleep(clock, POLL_MS, signal);
  }
};

/** One request an event, one at a time, as Falco sends them; resolves with the number of those that were taken. */
const send = async (url: string, events: readonly string[], signal: AbortSignal): Promise<number> => {
  let taken = 0;
  for (const body of events) {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      signal,
    });
    await response.arrayBuffer();
    if (response.ok) taken++;
  }
  return taken;
};
