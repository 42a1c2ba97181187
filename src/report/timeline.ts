import pc from 'picocolors';
import type { AgentAction } from '../model/action.ts';
import type { Gap } from '../model/flow.ts';
import { toIso } from '../model/time.ts';
import { type Finding, type Severity, severityAtLeast } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';
import { clockTime, duration } from './clock-time.ts';
import type { Reporter } from './reporter.ts';
import { SessionCollector, type SessionReport } from './session-report.ts';
import { byWorst, worst } from './severity.ts';
import { tell } from './telling.ts';
import { wrap } from './wrap.ts';

const MAX_TEXT = 400;

export interface TimelineOptions {
  readonly recording: string;
  readonly colour: boolean;
  /** Show what the agent does for itself as well. */
  readonly housekeeping?: boolean;
  /** Columns of the terminal; lines are not wrapped without. */
  readonly width?: number | undefined;
}

/** Each session as a person reads it: what the agent did, when, and what was remarkable about it and why. */
export const timelineReporter = ({ recording, housekeeping = false, colour, width }: TimelineOptions): Reporter => {
  const collector = new SessionCollector(recording, housekeeping);
  const page: Page = { colours: pc.createColors(colour), width };
  return {
    take: (verdict) => {
      const report = collector.take(verdict);
      return report ? render(report, page) : '';
    },
    end: () => '',
  };
};

type Colours = ReturnType<typeof pc.createColors>;

interface Page {
  readonly colours: Colours;
  readonly width: number | undefined;
}

const render = (report: SessionReport, page: Page): string => {
  const { actions, gaps } = report;
  const lines = [...heading(report, page)];
  const pending = gaps.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  for (const action of actions) {
    while (pending[0] && pending[0].from <= action.start) lines.push(gapLine(pending.shift() as Gap, page));
    lines.push(...actionLines(action, report, page));
  }
  for (const gap of pending) lines.push(gapLine(gap, page));
  if (report.unshown > 0) lines.push(page.colours.dim(`  … and ${report.unshown} more actions`));
  lines.push(conclusion(report, page));
  return `${lines.join('\n')}\n\n`;
};

const heading = ({ recording, session }: SessionReport, { colours }: Page): readonly string[] => {
  const { repository, workflow, job } = session.scope;
  const scope = [repository, workflow, job]
    .filter((part) => part !== undefined)
    .map(show)
    .join(' › ');
  const flags = session.unsafeFlags.map((flag) => colours.yellow(` ${show(flag)}`)).join('');
  const late = session.lateStart ? colours.yellow(' (seen from the middle)') : '';
  const began = `${toIso(session.start).slice(0, 16).replace('T', ' ')} UTC`;
  return [
    `${colours.bold(show(recording))}  ${session.agent}  ${scope || 'no CI scope'}`,
    colours.dim(`  ${began}  session ${session.id}`) + (flags && `  started with${flags}`) + late,
  ];
};

const KIND_WIDTH = 12;
/** Where the text of an action begins: behind mark, time and kind. */
const TEXT_AT = 14 + KIND_WIDTH + 1;
const SEVERITY_WIDTH = 'critical'.length;

const actionLines = (action: AgentAction, report: SessionReport, { colours, width }: Page): readonly string[] => {
  const raised = byWorst(report.findings.filter((finding) => finding.actions.at(-1) === action.index));
  const [first] = raised;
  const mark = first ? paint(first.severity, colours)('▌') : ' ';
  const took = action.end - action.start;
  const timing = took >= 1_000_000_000n ? colours.dim(`  ${duration(took)}`) : '';
  const status = action.effects.exitStatus ? colours.dim(`  exit ${action.effects.exitStatus}`) : '';
  const [title = '', ...more] = wrap(show(action.title), width && width - TEXT_AT);
  return [
    `${mark} ${colours.dim(clockTime(action.start))}  ${colours.cyan(action.kind.padEnd(KIND_WIDTH))} ${title}${more.length > 0 ? '' : status + timing}`,
    ...more.map((line, at) => mark + indented(line, TEXT_AT - 1) + (at === more.length - 1 ? status + timing : '')),
    ...findingLines(raised, report, mark, { colours, width }),
    ...action.evidence.map(({ rule }) => mark + indented(colours.dim(`Falco saw: ${show(rule)}`), TEXT_AT - 1)),
  ];
};

/** The findings of one action, in columns. */
const findingLines = (
  raised: readonly Finding[],
  { actions }: SessionReport,
  mark: string,
  { colours, width }: Page,
): readonly string[] => {
  const column = 14 + SEVERITY_WIDTH + 1;
  const room = width && width - column;
  return raised.flatMap((finding) => {
    const accused = actions.filter(({ index }) => finding.actions.includes(index));
    const { text, usual, since } = tell(finding, accused);
    const earlier = since.length > 0 ? ` (with ${since.map(clockTime).join(', ')})` : '';
    const [head = '', ...more] = wrap(`${show(finding.rule)}: ${show(text)}${earlier}`, room);
    const below = usual === undefined ? [] : wrap(`usual here: ${show(usual)}`, room);
    const severity = paint(finding.severity, colours)(finding.severity.padEnd(SEVERITY_WIDTH));
    return [
      `${mark}${indented('', 13)}${severity} ${head}`,
      ...more.map((line) => mark + indented(line, column - 1)),
      ...below.map((line) => mark + indented(colours.dim(line), column - 1)),
    ];
  });
};

const indented = (text: string, by: number): string => ' '.repeat(by) + text;

const gapLine = ({ cause, from, to, lost }: Gap, { colours }: Page): string => {
  const count = lost === undefined ? 'an unknown number of events' : `${lost} event${lost === 1 ? '' : 's'}`;
  const length = to > from ? `for ${duration(to - from)}: ` : '';
  return colours.yellow(`▌ ${clockTime(from)}  ${'blind'.padEnd(KIND_WIDTH)} ${length}${count} lost (${cause})`);
};

const conclusion = ({ actions, unshown, findings, gaps, session, end }: SessionReport, { colours }: Page): string => {
  const severity = worst(findings);
  const number = actions.length + unshown;
  const blind = gaps.length > 0 ? `, ${gaps.length} gap${gaps.length === 1 ? '' : 's'}` : '';
  const verdict =
    severity && severityAtLeast(severity, 'warning')
      ? paint(severity, colours)(`${findings.length} finding${findings.length === 1 ? '' : 's'}, worst ${severity}`)
      : colours.green('nothing to report');
  return `  ${colours.bold('=')} ${number} action${number === 1 ? '' : 's'} in ${duration(end - session.start)}${blind}: ${verdict}`;
};

const paint = (severity: Severity, colours: Colours): ((text: string) => string) => {
  if (severity === 'critical') return (text) => colours.bold(colours.red(text));
  if (severity === 'error') return colours.red;
  return severity === 'warning' ? colours.yellow : colours.blue;
};

const show = (text: string): string => printable(text, MAX_TEXT);
