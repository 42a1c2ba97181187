import type { AgentAction } from '../../model/action.ts';
import type { Deviation } from '../../model/deviation.ts';
import type { Session } from '../../model/session.ts';
import type { Nanos } from '../../model/time.ts';
import type { Finding, Severity } from '../../model/verdict.ts';
import type { IsAccepted } from '../acceptance/acceptances.ts';
import { elementName, stepOf } from '../acceptance/names.ts';
import type { Baselines } from './baselines.ts';
import { type Calibration, pValue, tailLimit, thresholdOf } from './calibration.ts';
import { elementsOf } from './elements.ts';
import { describe, expectation, ruleOf, unusualOf } from './explain.ts';
import { OrderWatch } from './order-watch.ts';
import { ProfileBuilder, type SessionProfile, scopeKey, without } from './profile.ts';
import { type ReadinessOptions, readinessOf } from './readiness.ts';
import { type Score, SessionScore } from './score.ts';
import type { Standing } from './standing.ts';
import { Trail } from './trail.ts';
import { GRAVE, weigh } from './weigh.ts';

export interface DeviationOptions extends ReadinessOptions {
  readonly enabled: boolean;
  readonly falseAlertsPerSession: number;
}

/** Score from which a deviation leaves no doubt. */
const CRITICAL = 12;
/** Share of the threshold from which a deviation is worth a note. */
const NOTE = 0.6;
/** Sessions that a scope must have learned before the order of its actions means something, and least evidence, in bits. */
const ORDER_SESSIONS = 10;
const ORDER_LEAST = 12;
/**
 * How far beyond its expected tail: coding agents take the same steps in many orders, and honest ones in yet another, so
 * that only a scope of regular sessions can tell an order apart.
 */
const ORDER_MARGIN = 1.5;
/** Actions remembered, so that earlier evidence can be named. */
const MAX_REMEMBERED = 64;

interface Remembered {
  readonly at: number;
  readonly action: AgentAction;
}

/** An action as its baseline sees it. */
interface Scored {
  readonly names: readonly string[];
  readonly step: string;
  readonly score: Score;
}

/** What a session is held against, and how far it has come. */
interface Held {
  readonly key: string;
  readonly standing: Standing;
  readonly calibration: Calibration;
  readonly threshold: number;
  readonly score: SessionScore;
  readonly order: OrderWatch;
  /** Sum of order from which it is told, in bits; told once. */
  orderLimit: number;
}

/** One session held against its baseline, action by action. */
export class SessionDeviation {
  readonly #baselines: Baselines;
  readonly #options: DeviationOptions;
  readonly #isAccepted: IsAccepted;
  readonly #trail = new Trail();
  readonly #profile = new ProfileBuilder();
  #held: Held | undefined;
  #remembered: readonly Remembered[] = [];
  #previous: string | undefined;
  #actions = 0;

  constructor(baselines: Baselines, options: DeviationOptions, isAccepted: IsAccepted = () => false) {
    this.#baselines = baselines;
    this.#options = options;
    this.#isAccepted = isAccepted;
  }

  /** Takes the next action; returns what is remarkable about it. */
  add(action: AgentAction): readonly Finding[] {
    const own = action.kind === 'housekeeping';
    const names = elementsOf(action, this.#trail);
    this.#profile.add(names, own);
    const at = this.#actions++;
    if (!this.#options.enabled) return [];
    const held = this.#hold(action.session);
    const step = stepOf(action);
    const score = held.score.add(names, own, (name) => this.#isAccepted(action.session, elementName(step, name)));
    const findings = [
      ...this.#novelty(action, { names, step, score }, held),
      ...(own ? [] : this.#disorder(action, held)),
    ];
    if (!own) this.#previous = action.symbol;
    this.#remembered = [...this.#remembered, { at, action }].slice(-MAX_REMEMBERED);
    return findings;
  }

  /** What the session has to teach. What a person accepted stands on that word alone, and ends with it. */
  lesson(session: Session, ended: Nanos): SessionProfile {
    const excused = this.#held?.score.excused;
    return without(this.#profile.build(session, ended), (name) => excused?.has(name) ?? false);
  }

  #novelty(action: AgentAction, { names, step, score }: Scored, held: Held): readonly Finding[] {
    const severity = severityOf(score, held.threshold);
    if (!severity) return [];
    const first = severity === 'notice' ? [] : this.#remembered.filter(({ at }) => score.earlier.includes(at));
    const [heaviest] = score.pieces;
    const deviation = this.#deviation(
      held,
      score.total,
      unusualOf(score.pieces, held.standing),
      held.calibration.scores,
    );
    return [
      {
        ...this.#base(action, deviation),
        rule: ruleOf(heaviest?.name ?? ''),
        severity,
        start: first[0]?.action.start ?? action.start,
        actions: [...first.map((one) => one.action.index), action.index],
        teaches: novelOf(names, held.standing).map((name) => elementName(step, name)),
        summary: `${action.title}: ${describe(
          deviation,
          first.map((one) => one.action.title),
        )}`,
      },
    ];
  }

  /** Tells once that the session's actions, all known, come in an order that no clean session had. */
  #disorder(action: AgentAction, held: Held): readonly Finding[] {
    const { sum, excess } = held.order.add(action.symbol);
    const limit = held.orderLimit;
    if (sum < limit || excess <= 0) return [];
    held.orderLimit = Number.POSITIVE_INFINITY;
    const seen = held.standing.own.sessionsWith(`symbol ${action.symbol}`);
    const unusual = [{ what: action.symbol, order: true, score: round(sum), seen }];
    const deviation = {
      ...this.#deviation(held, sum, unusual, held.calibration.orders),
      threshold: round(limit),
    };
    const summary = `${action.title}: ${describe(deviation, [])}`;
    return [
      {
        ...this.#base(action, deviation),
        rule: 'unusual-order',
        severity: 'warning',
        teaches: held.order.turns,
        summary,
      },
    ];
  }

  #base(action: AgentAction, deviation: Deviation) {
    return {
      detector: 'baseline' as const,
      at: action.end,
      start: action.start,
      end: action.end,
      actions: [action.index],
      expected: expectation(deviation),
      deviation,
      techniques: [],
    };
  }

  #deviation(
    { standing, threshold }: Held,
    score: number,
    unusual: Deviation['unusual'],
    clean: readonly number[],
  ): Deviation {
    const { own } = standing;
    const after = own.order.after(this.#previous);
    const now = this.#remembered.at(-1)?.action.end ?? 0n;
    return {
      score: round(score),
      threshold: round(threshold),
      pValue: round(pValue(score, clean)),
      readiness: readinessOf(standing, now, this.#options),
      sessions: own.sessions,
      unusual,
      expected: after.symbols.map(([symbol, times]) => ({ symbol, times, of: after.total })),
    };
  }

  /** The baseline to hold the session against: another one when it turns out which job this is. */
  #hold(session: Session): Held {
    const key = scopeKey(session.scope, session.agent);
    if (this.#held?.key === key) return this.#held;
    const standing = this.#baselines.of(session);
    const calibration = this.#baselines.calibration(session);
    const { falseAlertsPerSession: rate } = this.#options;
    this.#held = {
      key,
      standing,
      calibration,
      threshold: thresholdOf(calibration.scores, standing.prior?.scores ?? [], rate),
      score: new SessionScore(standing),
      order: new OrderWatch(
        standing.own.order,
        (symbol) => standing.novelty(`symbol ${symbol}`) === 0,
        (turn) => this.#isAccepted(session, turn),
      ),
      orderLimit:
        calibration.sessions < ORDER_SESSIONS
          ? Number.POSITIVE_INFINITY
          : Math.max(ORDER_LEAST, ORDER_MARGIN * tailLimit(calibration.orders, rate)),
    };
    return this.#held;
  }
}

/** All of it that is not known, what was told of earlier in the session included: accepting the step is about the whole of it. */
const novelOf = (names: readonly string[], standing: Standing): readonly string[] =>
  names.filter((name) => weigh(name).weight > 0 && standing.novelty(name) > 0);

const severityOf = ({ total }: Score, threshold: number): Severity | undefined => {
  if (total >= CRITICAL) return 'critical';
  if (total >= GRAVE) return 'error';
  if (total >= threshold) return 'warning';
  return total >= threshold * NOTE ? 'notice' : undefined;
};

const round = (value: number): number => Math.round(value * 1000) / 1000;
