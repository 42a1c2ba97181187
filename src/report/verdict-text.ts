import pc from 'picocolors';
import { z } from 'zod';
import { SEVERITIES, type Severity, severityAtLeast } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';
import { count } from './sessions-text.ts';

/** A line of a verdict file, as far as it decides and is told. */
const line = z.object({
  session: z.string(),
  agent: z.string(),
  scope: z.record(z.string(), z.string()).default({}),
  findings: z.array(z.object({ severity: z.enum(SEVERITIES), rule: z.string(), summary: z.string() })),
  gaps: z.array(z.unknown()).default([]),
});
export type ReadVerdict = z.infer<typeof line>;

/** The sessions of a verdict file. Undefined when any line of it is none, or there is no line: nothing was judged then. */
export const readVerdicts = (text: string): readonly ReadVerdict[] | undefined => {
  const sessions: ReadVerdict[] = [];
  for (const one of text.split('\n').filter((row) => row !== '')) {
    const read = line.safeParse(toJson(one));
    if (!read.success) return undefined;
    sessions.push(read.data);
  }
  return sessions.length > 0 ? sessions : undefined;
};

const toJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const verdictsFail = (sessions: readonly ReadVerdict[], floor: Severity): boolean =>
  sessions.some(({ findings }) => findings.some(({ severity }) => severityAtLeast(severity, floor)));

const MAX_TEXT = 300;
const MAX_FINDINGS = 50;

/** What a person reads in the log of the step that failed. */
export const verdictsText = (sessions: readonly ReadVerdict[], floor: Severity, colour: boolean): string => {
  const colours = pc.createColors(colour);
  const blocks = sessions.map(({ session, agent, scope, findings, gaps }) => {
    const serious = findings.filter(({ severity }) => severityAtLeast(severity, floor));
    const sorted = serious.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
    const where = [scope.repository, scope.workflow, scope.job].filter((part) => part !== undefined).join(' › ');
    const more = sorted.length - MAX_FINDINGS;
    return [
      `${show(session)}  ${show(agent)}  ${show(where) || 'no CI scope'}`,
      ...sorted
        .slice(0, MAX_FINDINGS)
        .map(({ severity, rule, summary }) => `  ${colours.red(severity.padEnd(8))} ${show(rule)}: ${show(summary)}`),
      ...(more > 0 ? [`  … and ${more} more`] : []),
      ...(gaps.length > 0 ? [colours.yellow(`  ${count(gaps.length, 'gap')} in what was seen`)] : []),
    ].join('\n');
  });
  const last = verdictsFail(sessions, floor)
    ? colours.red(`findings of ${floor} or above: do not publish`)
    : colours.green(`${count(sessions.length, 'session')}, no finding of ${floor} or above`);
  return `${[...blocks, last].join('\n')}\n`;
};

const show = (text: string): string => printable(text, MAX_TEXT);
