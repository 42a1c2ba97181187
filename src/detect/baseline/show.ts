import { printable } from '../../platform/printable.ts';
import type { Baseline } from './baseline.ts';

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
  baseline: Baseline,
  { knownAfter, readyAfter }: { knownAfter: number; readyAfter: number },
): string => {
  const [first] = baseline.profiles;
  if (!first) return '';
  const { repository, workflow, job } = first.scope;
  const scope = [repository, workflow, job].filter((part) => part !== undefined).join(' › ') || 'no CI scope';
  const state = baseline.sessions >= readyAfter ? 'ready' : `learning, ready after ${readyAfter} sessions`;
  const lines = [`${printable(scope, 200)}  ${first.agent}  ${baseline.sessions} sessions, ${state}`];
  for (const [title, prefix] of GROUPS) {
    const all = baseline.elements().filter(([name]) => name.startsWith(prefix));
    if (all.length === 0) continue;
    lines.push(`  ${title} (${all.filter(([, sessions]) => sessions >= knownAfter).length} of ${all.length} known)`);
    for (const [name, sessions] of all.slice(0, SHOWN))
      lines.push(
        `    ${String(sessions).padStart(4)} of ${baseline.sessions}  ${printable(name.slice(prefix.length), 100)}`,
      );
    if (all.length > SHOWN) lines.push(`    … and ${all.length - SHOWN} more`);
  }
  return `${lines.join('\n')}\n`;
};
