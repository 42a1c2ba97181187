import type { AgentAction } from '../model/action.ts';
import { type Finding, type Severity, severityAtLeast } from '../model/verdict.ts';
import { clockTime, duration } from './clock-time.ts';
import { markdown as safe } from './markup.ts';
import type { Render } from './report-context.ts';
import type { SessionReport } from './session-report.ts';
import { count, outcome, scopeText } from './sessions-text.ts';
import { byWorst, worst } from './severity.ts';
import { tell } from './telling.ts';

/** GitHub takes 1 MiB of summary from one step; what it refuses would be lost whole. */
const MAX_BYTES = 900_000;
const MAX_TITLE = 160;
const MAX_TEXT = 500;
/** Findings and actions shown of one session. */
const MAX_FINDINGS = 50;
const MAX_ACTIONS = 300;

const MARKS: Readonly<Record<Severity, string>> = {
  critical: '🔴',
  error: '🟠',
  warning: '🟡',
  notice: '🔵',
  info: '🔵',
};

/** A summary for the page of a CI job: the outcome, the findings of each session, and its timeline to unfold. */
export const markdown: Render = (sessions, { floor, leftOut }) => {
  const failing = sessions.filter(({ findings }) => findings.some(({ severity }) => severityAtLeast(severity, floor)));
  const head = [
    `## ${failing.length > 0 ? '❌' : '✅'} creance: ${count(sessions.length, 'agent session')}, ${failing.length} with findings from ${floor} upwards`,
    '',
    '',
  ].join('\n');
  let text = head;
  // The accused first: they must be in whatever is cut.
  const order = [...failing, ...sessions.filter((one) => !failing.includes(one))];
  let cut = leftOut;
  for (const report of order) {
    const section = sessionSection(report);
    if (Buffer.byteLength(text) + Buffer.byteLength(section) > MAX_BYTES) cut++;
    else text += section;
  }
  return cut > 0 ? `${text}… and ${count(cut, 'session')} more\n` : text;
};

const sessionSection = (report: SessionReport): string => {
  const { recording, session, findings, actions, unshown, end } = report;
  const severity = worst(findings);
  const mark = severity && severityAtLeast(severity, 'warning') ? MARKS[severity] : '🟢';
  const flags = session.unsafeFlags.map((flag) => ` ${code(flag)}`).join('');
  const hidden = unshown + Math.max(0, actions.length - MAX_ACTIONS);
  return [
    `### ${mark} ${safe(session.agent, 60)} in ${safe(scopeText(report), 250)}: ${outcome(report)}`,
    '',
    `${code(recording)} · session ${code(session.id)} · ${count(actions.length + unshown, 'action')} in ${duration(end - session.start)}${flags && ` · started with${flags}`}`,
    '',
    ...findingTable(report),
    '<details><summary>What the agent did</summary>',
    '',
    '| | time | kind | action |',
    '|---|---|---|---|',
    ...shownActions(report).map((action) => actionRow(action, findings)),
    ...(hidden > 0 ? ['', `… and ${count(hidden, 'action')} more`] : []),
    '',
    '</details>',
    '',
    '',
  ].join('\n');
};

const findingTable = ({ findings, actions }: SessionReport): readonly string[] => {
  if (findings.length === 0) return [];
  const sorted = byWorst(findings);
  const rows = sorted.slice(0, MAX_FINDINGS).map((finding) => {
    const accused = actions.filter(({ index }) => finding.actions.includes(index));
    const { text, usual } = tell(finding, accused);
    const titles = accused.map(({ title }) => code(title)).join(' → ');
    const why = usual === undefined ? '' : `<br>usual here: ${safe(usual, MAX_TEXT)}`;
    return `| ${MARKS[finding.severity]} ${finding.severity} | ${code(finding.rule)} | ${safe(text, MAX_TEXT)}${why} | ${titles} |`;
  });
  const more = sorted.length - rows.length;
  return [
    '| severity | rule | what | where |',
    '|---|---|---|---|',
    ...rows,
    ...(more > 0 ? ['', `… and ${count(more, 'finding')} more`] : []),
    '',
  ];
};

/** The first actions, and all that are accused. */
const shownActions = ({ actions, findings }: SessionReport): readonly AgentAction[] => {
  const accused = new Set(findings.slice(0, MAX_FINDINGS).flatMap((finding) => finding.actions));
  return actions.filter(({ index }, place) => place < MAX_ACTIONS || accused.has(index));
};

const actionRow = ({ index, start, kind, title }: AgentAction, findings: readonly Finding[]): string => {
  const severity = worst(findings.filter(({ actions }) => actions.at(-1) === index));
  return `| ${severity ? MARKS[severity] : ''} | ${clockTime(start)} | ${kind} | ${code(title)} |`;
};

const code = (text: string): string => `<code>${safe(text, MAX_TITLE)}</code>`;
