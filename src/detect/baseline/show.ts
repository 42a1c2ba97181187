import type { Nanos } from '../../model/time.ts';
import { printable } from '../../platform/printable.ts';
import { type Calibration, thresholdOf } from './calibration.ts';
import { scopeName } from './exchange.ts';
import { chanceOfNew, type ReadinessOptions, readinessOf } from './readiness.ts';
import type { Standing } from './standing.ts';

export interface ShowOptions extends ReadinessOptions {
  readonly knownAfter: number;
  readonly falseAlertsPerSession: number;
}

/** Elements shown of each kind. */
const SHOWN = 12;

const GROUPS: readonly (readonly [title: string, prefix: string])[] = [
  ['actions', 'symbol '],
  ['programs', 'program '],
  ['destinations', 'destination '],
  ['effects', 'mark '],
  ['the agent’s own', 'own '],
];

/** A baseline for people: whose it is, how far it has come, and what it holds to be usual. */
export const showBaseline = (
  standing: Standing,
  calibration: Calibration,
  now: Nanos,
  options: ShowOptions,
): string => {
  const { own, prior } = standing;
  const [first] = own.profiles;
  if (!first) return '';
  const threshold = thresholdOf(calibration.scores, prior?.scores ?? [], options.falseAlertsPerSession);
  const { scores } = calibration;
  const lines = [
    `${printable(scopeName(first), 250)}  ${own.sessions} session${own.sessions === 1 ? '' : 's'}, ${readinessOf(standing, now, options)}`,
    `  chance that the next clean session shows something new: ${percent(chanceOfNew(standing))} remarkable, ${percent(standing.rate('plain'))} any`,
    `  alert from score ${threshold.toFixed(1)}; clean sessions, each against the others: median ${middle(scores).toFixed(1)}, highest ${(scores[0] ?? 0).toFixed(1)}`,
  ];
  for (const [title, prefix] of GROUPS) {
    const all = own.elements().filter(([name]) => name.startsWith(prefix));
    if (all.length === 0) continue;
    const known = all.filter(([, sessions]) => sessions >= options.knownAfter).length;
    lines.push(`  ${title} (${known} of ${all.length} known)`);
    for (const [name, sessions] of all.slice(0, SHOWN))
      lines.push(
        `    ${String(sessions).padStart(4)} of ${own.sessions}  ${printable(name.slice(prefix.length), 100)}`,
      );
    if (all.length > SHOWN) lines.push(`    … and ${all.length - SHOWN} more`);
  }
  return `${lines.join('\n')}\n`;
};

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

const middle = (values: readonly number[]): number => values[Math.floor(values.length / 2)] ?? 0;
