import { printable } from '../platform/printable.ts';

interface Waiting {
  readonly session: string;
  readonly scope: string;
  readonly ended: bigint;
  readonly doubts: readonly string[];
  readonly adds: readonly string[];
}

/** What a session would make known, at most so many pieces of it. */
const SHOWN = 6;

/** The sessions that wait for a person, and why. */
export const pendingText = (sessions: readonly Waiting[]): string => {
  if (sessions.length === 0) return 'no session waits\n';
  const blocks = sessions.map(({ session, scope, ended, doubts, adds }) => {
    const more = adds.length > SHOWN ? `, … and ${adds.length - SHOWN} more` : '';
    const told = adds.slice(0, SHOWN).map((name) => printable(name, 80));
    return [
      `${printable(session, 128)}  ${scope}  ended ${new Date(Number(ended / 1_000_000n)).toISOString()}`,
      `  waits because: ${doubts.map((doubt) => printable(doubt, 100)).join('; ') || 'nobody said'}`,
      `  would add: ${told.join(', ') || 'nothing new'}${more}`,
    ].join('\n');
  });
  return `${blocks.join('\n')}\n`;
};

interface Difference {
  readonly scope: string;
  readonly before: number;
  readonly after: number;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/** What would newly be normal, `+`, and what no longer, `-`. */
export const diffText = (differences: readonly Difference[]): string =>
  differences.length === 0
    ? 'no difference\n'
    : differences
        .map(({ scope, before, after, gained, lost }) =>
          [
            `${printable(scope, 250)}: ${before} → ${after} sessions`,
            ...gained.map((name) => `  + ${printable(name, 180)}`),
            ...lost.map((name) => `  - ${printable(name, 180)}`),
            '',
          ].join('\n'),
        )
        .join('');
