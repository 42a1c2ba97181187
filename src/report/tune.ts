import { type Finding, severityAtLeast } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';

/** Alerts of one recording, as things stand and as they would. */
export interface Trial {
  readonly recording: string;
  readonly before: readonly Finding[];
  readonly after: readonly Finding[];
}

const MAX_TEXT = 160;

/** What a change would gain, `+`, and lose, `-`, recording by recording. */
export const tuneText = (trials: readonly Trial[]): string => {
  let [gained, lost, accused, accusedThen] = [0, 0, 0, 0];
  const lines: string[] = [];
  for (const { recording, ...trial } of trials) {
    const [now, then] = [trial.before.filter(isAlert), trial.after.filter(isAlert)];
    if (now.length > 0) accused++;
    if (then.length > 0) accusedThen++;
    const more = then.filter((one) => !now.some((other) => isSame(one, other)));
    const fewer = now.filter((one) => !then.some((other) => isSame(one, other)));
    gained += more.length;
    lost += fewer.length;
    if (more.length + fewer.length === 0) continue;
    lines.push(printable(recording, 80));
    for (const one of more) lines.push(`  + ${alertLine(one)}`);
    for (const one of fewer) lines.push(`  - ${alertLine(one)}`);
  }
  lines.push(
    `${gained} alert${gained === 1 ? '' : 's'} gained, ${lost} lost; sessions with an alert: ${accused} of ${trials.length} now, ${accusedThen} then`,
  );
  return `${lines.join('\n')}\n`;
};

const isAlert = ({ severity }: Finding): boolean => severityAtLeast(severity, 'warning');

const isSame = (a: Finding, b: Finding): boolean =>
  a.detector === b.detector && a.rule === b.rule && a.actions.at(-1) === b.actions.at(-1);

const alertLine = ({ severity, detector, rule, summary }: Finding): string =>
  `${severity} ${detector} ${printable(rule, 60)}: ${printable(summary, MAX_TEXT)}`;
