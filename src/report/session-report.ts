import type { AgentAction } from '../model/action.ts';
import type { Gap } from '../model/flow.ts';
import type { Session } from '../model/session.ts';
import type { Nanos } from '../model/time.ts';
import type { Finding, Verdict } from '../model/verdict.ts';

/** A session that has ended, with all that is told of it. */
export interface SessionReport {
  readonly recording: string;
  readonly session: Session;
  /** In order of start. Without what the agent did for itself, unless it was asked for or accused. */
  readonly actions: readonly AgentAction[];
  /** Actions that are left out, for there were too many. */
  readonly unshown: number;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly end: Nanos;
}

/** Actions held of one session; beyond it those without a finding are counted only. */
const MAX_ACTIONS = 5_000;

interface OpenReport {
  readonly actions: AgentAction[];
  /** Actions that somebody accused, by index: these are shown whatever they are. */
  readonly accused: Set<number>;
  unshown: number;
}

/** Gathers verdicts until their session ends. */
export class SessionCollector {
  readonly #recording: string;
  readonly #housekeeping: boolean;
  readonly #open = new Map<string, OpenReport>();

  constructor(recording: string, housekeeping = false) {
    this.#recording = recording;
    this.#housekeeping = housekeeping;
  }

  /** The session, when this verdict is its last. */
  take(verdict: Verdict): SessionReport | undefined {
    const { session, action, raised, findings, gaps, ended, time } = verdict;
    const report = this.#open.get(session.id) ?? { actions: [], accused: new Set(), unshown: 0 };
    for (const { actions } of raised) for (const index of actions) report.accused.add(index);
    if (action && !action.preview) this.#note(report, action);
    if (!ended) {
      this.#open.set(session.id, report);
      return undefined;
    }
    this.#open.delete(session.id);
    const { unshown } = report;
    const actions = report.actions.toSorted((a, b) =>
      a.start < b.start ? -1 : a.start > b.start ? 1 : a.index - b.index,
    );
    return { recording: this.#recording, session, actions, unshown, findings, gaps, end: time };
  }

  #note(report: OpenReport, action: AgentAction): void {
    const accused = report.accused.has(action.index);
    if (!accused && action.kind === 'housekeeping' && !this.#housekeeping) return;
    if (accused || report.actions.length < MAX_ACTIONS) report.actions.push(action);
    else report.unshown++;
  }
}
