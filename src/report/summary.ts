import pc from 'picocolors';
import { type Severity, severityAtLeast, type Verdict } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';
import { worst } from './timeline.ts';

interface Row {
  readonly recording: string;
  readonly agent: string;
  readonly actions: number;
  readonly worst: Severity | undefined;
  readonly rules: readonly string[];
}

/** Sessions told one by one in the summary; beyond it they are only counted. */
const MAX_ROWS = 200;
const MAX_ALERTS = 200;

/** All sessions of a run at a glance, and the alerts that they raised. */
export class Summary {
  readonly #rows: Row[] = [];
  readonly #alerts: string[] = [];
  readonly #actions = new Map<string, number>();
  #sessions = 0;
  #accused = 0;

  take(recording: string, { session, action, findings, ended }: Verdict): void {
    if (action && !action.preview && action.kind !== 'housekeeping')
      this.#actions.set(session.id, (this.#actions.get(session.id) ?? 0) + 1);
    if (!ended) return;
    const severity = worst(findings);
    this.#sessions++;
    if (severity && severityAtLeast(severity, 'warning')) this.#accused++;
    const actions = this.#actions.get(session.id) ?? 0;
    this.#actions.delete(session.id);
    const serious = findings.filter((finding) => severityAtLeast(finding.severity, 'warning'));
    const rules = [...new Set(serious.map(({ rule }) => rule))];
    if (this.#rows.length < MAX_ROWS)
      this.#rows.push({ recording, agent: session.agent, actions, worst: severity, rules });
  }

  alert(line: string): void {
    if (this.#alerts.length < MAX_ALERTS) this.#alerts.push(line);
  }

  render(colour: boolean): string {
    const colours = pc.createColors(colour);
    const width = Math.max(12, ...this.#rows.map(({ recording }) => recording.length));
    const rows = this.#rows.map(({ recording, agent, actions, worst: severity, rules }) => {
      const flagged = severity !== undefined && severityAtLeast(severity, 'warning');
      const verdict = flagged
        ? colours.red(`${severity}: ${rules.map((rule) => printable(rule, 80)).join(', ')}`)
        : colours.green('clean');
      return `  ${printable(recording, 80).padEnd(width)}  ${agent.padEnd(12)} ${String(actions).padStart(4)} actions  ${verdict}`;
    });
    const alerts = this.#alerts.map((line) => `  ${line.trimEnd()}`);
    return [
      colours.bold(
        `${this.#sessions} session${this.#sessions === 1 ? '' : 's'}, ${this.#accused} left the baseline or walked a known-bad path`,
      ),
      ...rows,
      ...(alerts.length > 0 ? ['', colours.bold('Alerts, as Alertmanager would get them'), ...alerts] : []),
      '',
    ].join('\n');
  }
}
