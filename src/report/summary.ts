import pc from 'picocolors';
import type { Alert } from '../model/alert.ts';
import { toIso } from '../model/time.ts';
import { type Severity, severityAtLeast, type Verdict } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';
import { identity } from './alert-line.ts';
import { byWorst, worst } from './severity.ts';
import { wrap } from './wrap.ts';

interface Row {
  readonly recording: string;
  readonly agent: string;
  readonly actions: number;
  readonly worst: Severity | undefined;
  /** Of the alerts, the gravest first. */
  readonly rules: readonly string[];
}

/** Sessions told one by one in the summary; beyond it they are only counted. */
const MAX_ROWS = 200;
const MAX_ALERTS = 200;
const MAX_RULES = 3;

/** All sessions of a run at a glance, and the alerts that they raised, whose summaries the timelines have told. */
export class Summary {
  readonly #rows: Row[] = [];
  readonly #alerts: string[] = [];
  readonly #actions = new Map<string, number>();
  #sessions = 0;
  #accused = 0;
  #raised = 0;

  take(recording: string, { session, action, findings, ended }: Verdict): void {
    if (action && !action.preview && action.kind !== 'housekeeping')
      this.#actions.set(session.id, (this.#actions.get(session.id) ?? 0) + 1);
    if (!ended) return;
    const severity = worst(findings);
    this.#sessions++;
    if (severity && severityAtLeast(severity, 'warning')) this.#accused++;
    const actions = this.#actions.get(session.id) ?? 0;
    this.#actions.delete(session.id);
    const serious = byWorst(findings).filter((finding) => severityAtLeast(finding.severity, 'warning'));
    const rules = [...new Set(serious.map(({ rule }) => rule))];
    if (this.#rows.length < MAX_ROWS)
      this.#rows.push({ recording, agent: session.agent, actions, worst: severity, rules });
  }

  /** Only those that fire are told: whatever ended with its session. */
  alert(alert: Alert): void {
    if (alert.endsAt !== undefined) return;
    this.#raised++;
    if (this.#alerts.length < MAX_ALERTS) this.#alerts.push(`${toIso(alert.startsAt)}  ${identity(alert)}`);
  }

  render(colour: boolean, width?: number): string {
    const colours = pc.createColors(colour);
    const names = Math.max(12, ...this.#rows.map(({ recording }) => printable(recording, 80).length));
    const rows = this.#rows.map(({ recording, agent, actions, worst: severity, rules }) => {
      const flagged = severity !== undefined && severityAtLeast(severity, 'warning');
      const verdict = flagged ? colours.red(`${severity}: ${rulesText(rules)}`) : colours.green('clean');
      return `  ${printable(recording, 80).padEnd(names)}  ${agent.padEnd(12)} ${String(actions).padStart(4)} action${actions === 1 ? ' ' : 's'}  ${verdict}`;
    });
    const alerts = this.#alerts.flatMap((line) => {
      const [first = '', ...more] = wrap(line, width && width - 2);
      return [`  ${first}`, ...more.map((rest) => `    ${rest}`)];
    });
    return [
      colours.bold(
        `${count(this.#sessions, 'session')}, ${this.#accused} left the baseline or walked a known-bad path`,
      ),
      ...rows,
      ...unshown(this.#sessions - this.#rows.length),
      ...(alerts.length > 0
        ? ['', colours.bold(`${count(this.#raised, 'alert')} fired, as Alertmanager would get them`), ...alerts]
        : []),
      ...unshown(this.#raised - this.#alerts.length),
      '',
    ].join('\n');
  }
}

const rulesText = (rules: readonly string[]): string => {
  const more = rules.length - MAX_RULES;
  const told = rules.slice(0, MAX_RULES).map((rule) => printable(rule, 80));
  return `${told.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const unshown = (number: number): readonly string[] => (number > 0 ? [`  … and ${number} more`] : []);

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
