import pc from 'picocolors';
import type { AgentAction } from '../model/action.ts';
import type { Gap } from '../model/flow.ts';
import type { Session } from '../model/session.ts';
import { type Finding, SEVERITIES, type Severity, severityAtLeast, type Verdict } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';
import { clockTime, duration } from './clock-time.ts';
import type { Reporter } from './reporter.ts';

/** Entries held of one session; beyond it actions without a finding are counted only. */
const MAX_ENTRIES = 5_000;
const MAX_TEXT = 200;

interface OpenReport {
  readonly actions: AgentAction[];
  /** Actions that somebody accused, by index: these are shown whatever they are. */
  readonly accused: Set<number>;
  unshown: number;
}

export interface TimelineOptions {
  readonly recording: string;
  readonly colour: boolean;
  /** Show what the agent does for itself as well. */
  readonly housekeeping?: boolean;
}

/** Each session as a person reads it: what the agent did, when, and what was remarkable about it and why. */
export const timelineReporter = (options: TimelineOptions): Reporter => {
  const colours = pc.createColors(options.colour);
  const open = new Map<string, OpenReport>();
  return {
    take: (verdict) => {
      const { session, action, raised, ended } = verdict;
      let report = open.get(session.id);
      if (!report) {
        report = { actions: [], accused: new Set(), unshown: 0 };
        open.set(session.id, report);
      }
      for (const { actions } of raised) for (const index of actions) report.accused.add(index);
      if (action && !action.preview) {
        const accused = report.accused.has(action.index);
        const show = accused || action.kind !== 'housekeeping' || options.housekeeping;
        if (show && (accused || report.actions.length < MAX_ENTRIES)) report.actions.push(action);
        else if (show) report.unshown++;
      }
      if (!ended) return '';
      open.delete(session.id);
      return render(verdict, report, options, colours);
    },
    end: () => '',
  };
};

type Colours = ReturnType<typeof pc.createColors>;

const render = (verdict: Verdict, report: OpenReport, { recording }: TimelineOptions, colours: Colours): string => {
  const { session, findings, gaps, time } = verdict;
  const actions = report.actions.toSorted((a, b) =>
    a.start < b.start ? -1 : a.start > b.start ? 1 : a.index - b.index,
  );
  const found = (index: number) => findings.filter((finding) => finding.actions.at(-1) === index);
  const lines = [heading(session, recording, colours)];
  const pending = gaps.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  for (const action of actions) {
    while (pending[0] && pending[0].from <= action.start) lines.push(gapLine(pending.shift() as Gap, colours));
    lines.push(...actionLines(action, report.accused.has(action.index) ? found(action.index) : [], colours));
  }
  for (const gap of pending) lines.push(gapLine(gap, colours));
  if (report.unshown > 0) lines.push(colours.dim(`  … and ${report.unshown} more actions`));
  lines.push(conclusion(actions.length + report.unshown, time - session.start, findings, gaps, colours));
  return `${lines.join('\n')}\n\n`;
};

const heading = (session: Session, recording: string, colours: Colours): string => {
  const { repository, workflow, job } = session.scope;
  const scope = [repository, workflow, job]
    .filter((part) => part !== undefined)
    .map(show)
    .join(' › ');
  const flags = session.unsafeFlags.map((flag) => colours.yellow(` ${flag}`)).join('');
  const late = session.lateStart ? colours.yellow(' (seen from the middle)') : '';
  return `${colours.bold(show(recording))}  ${session.agent}  ${scope || 'no CI scope'}  ${colours.dim(session.id)}${flags}${late}`;
};

const KIND_WIDTH = 12;

const actionLines = (action: AgentAction, raised: readonly Finding[], colours: Colours): readonly string[] => {
  const severity = worst(raised);
  const mark = severity ? paint(severity, colours)('▌') : ' ';
  const took = action.end - action.start;
  const timing = took >= 1_000_000_000n ? colours.dim(`  ${duration(took)}`) : '';
  const status = action.effects.exitStatus ? colours.dim(`  exit ${action.effects.exitStatus}`) : '';
  const kind = action.kind.padEnd(KIND_WIDTH);
  const head = `${mark} ${colours.dim(clockTime(action.start))}  ${colours.cyan(kind)} ${show(action.title)}${status}${timing}`;
  return [
    head,
    ...raised.map((finding) => findingLine(finding, action, colours)),
    ...action.evidence.map(({ rule }) => `              ${colours.dim(`Falco saw: ${show(rule)}`)}`),
  ];
};

const findingLine = (finding: Finding, { title }: AgentAction, colours: Colours): string => {
  const { severity, detector, rule, summary, expected } = finding;
  // The action's own line stands right above.
  const told = summary.startsWith(`${title}: `) ? summary.slice(title.length + 2) : summary.replace(`: ${title}`, '');
  const head = `              ${paint(severity, colours)(severity)} ${detector} ${rule}: ${show(told)}`;
  return expected === undefined ? head : `${head}\n              ${colours.dim(`usual here: ${show(expected)}`)}`;
};

const gapLine = ({ cause, from, to, lost }: Gap, colours: Colours): string => {
  const count = lost === undefined ? 'an unknown number of events' : `${lost} event${lost === 1 ? '' : 's'}`;
  const length = to > from ? `for ${duration(to - from)}: ` : '';
  return colours.yellow(`▌ ${clockTime(from)}  ${'blind'.padEnd(KIND_WIDTH)} ${length}${count} lost (${cause})`);
};

const conclusion = (
  actions: number,
  length: bigint,
  findings: readonly Finding[],
  gaps: readonly Gap[],
  colours: Colours,
): string => {
  const severity = worst(findings);
  const blind = gaps.length > 0 ? `, ${gaps.length} gap${gaps.length === 1 ? '' : 's'}` : '';
  const verdict =
    severity && severityAtLeast(severity, 'warning')
      ? paint(severity, colours)(`${findings.length} finding${findings.length === 1 ? '' : 's'}, worst ${severity}`)
      : colours.green('nothing to report');
  return `  ${colours.bold('=')} ${actions} action${actions === 1 ? '' : 's'} in ${duration(length)}${blind}: ${verdict}`;
};

/** The most severe of some findings. */
export const worst = (findings: readonly Finding[]): Severity | undefined => {
  let found: Severity | undefined;
  for (const { severity } of findings)
    if (!found || SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(found)) found = severity;
  return found;
};

const paint = (severity: Severity, colours: Colours): ((text: string) => string) => {
  if (severity === 'critical') return (text) => colours.bold(colours.red(text));
  if (severity === 'error') return colours.red;
  return severity === 'warning' ? colours.yellow : colours.blue;
};

const show = (text: string): string => printable(text, MAX_TEXT);
