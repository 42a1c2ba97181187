import { severityAtLeast, type Verdict } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';

/** One line: what became of a session that was offered for learning, and why. */
export const learnedLine = (recording: string, verdict: Verdict, outcome: 'learned' | 'known' | 'refused'): string => {
  const { session } = verdict;
  const name = printable(recording, 80).padEnd(28);
  const why =
    outcome === 'refused' ? `not learned: ${reason(verdict)}` : outcome === 'known' ? 'known before' : 'learned';
  return `${name} ${session.agent.padEnd(12)} ${why}\n`;
};

const reason = ({ session, findings, gaps }: Verdict): string => {
  const [accusation] = findings.filter(({ severity }) => severityAtLeast(severity, 'warning'));
  if (accusation)
    return `${accusation.severity} ${printable(accusation.summary, 120)}; it waits for \`creance baseline approve ${session.id}\``;
  if (gaps.length > 0) return `${gaps.length} gap${gaps.length === 1 ? '' : 's'} in what was seen`;
  return session.lateStart
    ? 'seen from the middle only'
    : 'its end was not seen, or it waits for a person: see `creance baseline pending`';
};
