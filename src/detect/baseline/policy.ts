import type { Session, Trigger } from '../../model/session.ts';
import { type Finding, severityAtLeast } from '../../model/verdict.ts';

/** Why a session does not join its baseline by itself. */
export const DOUBTS = ['accused', 'untrusted', 'novel', 'blind'] as const;
export interface Doubt {
  readonly kind: (typeof DOUBTS)[number];
  readonly reason: string;
}

export interface TrustOptions {
  readonly trustedEvents: readonly string[];
  readonly trustedRefs: readonly string[];
}

/** What keeps a whole session from being learned without a person's word; empty for a clean one. */
export const doubtsOf = (session: Session, findings: readonly Finding[], options: TrustOptions): readonly Doubt[] => {
  const doubts: Doubt[] = [];
  const serious = findings.find(isSerious);
  if (serious) doubts.push({ kind: 'accused', reason: `${serious.severity} ${serious.rule}` });
  const distrust = distrustOf(session, options);
  if (distrust !== undefined) doubts.push({ kind: 'untrusted', reason: distrust });
  const novel = findings.find(({ severity }) => severityAtLeast(severity, 'warning'));
  if (novel && !serious) doubts.push({ kind: 'novel', reason: `${novel.severity} ${novel.rule}` });
  return doubts;
};

/** What would have been new to the baseline was not known to be. */
export const BLIND: Doubt = { kind: 'blind', reason: 'it was judged before what was learned had been read' };

/** Accused of worse than being new. */
const isSerious = ({ detector, severity }: Finding): boolean =>
  severityAtLeast(severity, detector === 'baseline' ? 'error' : 'warning');

const distrustOf = (session: Session, { trustedEvents, trustedRefs }: TrustOptions): string | undefined => {
  // The model may have written the environment of what it runs: whose baseline this is would be its own word.
  if (session.scopeSource === 'descendant') return 'only a command of the agent told which job this is';
  const { event, ref }: Trigger = session.trigger ?? {};
  if (event !== undefined && !fitsAny(event, trustedEvents)) return `set off by ${event}`;
  if (ref !== undefined && (PULL.test(ref) || !fitsAny(ref, trustedRefs))) return `on ${ref}`;
  return undefined;
};

/** What a pull request would merge: anybody can open one. */
const PULL = /^refs\/(pull|merge-requests)\//;

const fitsAny = (text: string, patterns: readonly string[]): boolean => patterns.some((pattern) => fits(text, pattern));

const fits = (text: string, pattern: string): boolean => {
  const parts = pattern.split('*');
  if (parts.length === 1) return text === pattern;
  const [head = '', ...rest] = parts;
  const tail = rest.pop() ?? '';
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false;
  let at = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - tail.length) return false;
    at = found + part.length;
  }
  return true;
};
