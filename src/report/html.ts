import type { AgentAction } from '../model/action.ts';
import type { Gap } from '../model/flow.ts';
import { toIso } from '../model/time.ts';
import { type Finding, severityAtLeast } from '../model/verdict.ts';
import { clockTime, duration } from './clock-time.ts';
import { HTML_STYLE } from './html-style.ts';
import { escaped } from './markup.ts';
import type { Render } from './report-context.ts';
import type { SessionReport } from './session-report.ts';
import { count, outcome, scopeText } from './sessions-text.ts';
import { byWorst, worst } from './severity.ts';
import { tell } from './telling.ts';

const MAX_TEXT = 1_000;

/** One page that needs nothing else: each session's timeline with what was found in it. No script runs in it, by its own policy. */
export const html: Render = (sessions, { floor, leftOut }) => {
  const failing = sessions.filter(({ findings }) => findings.some(({ severity }) => severityAtLeast(severity, floor)));
  const more = leftOut > 0 ? `<p class="dim">${count(leftOut, 'session')} left out</p>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>creance: ${count(sessions.length, 'session')}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<h1>${count(sessions.length, 'agent session')}, ${failing.length} with findings from ${floor} upwards</h1>
${index(sessions)}
${sessions.map(section).join('\n')}
${more}
</body>
</html>
`;
};

const index = (sessions: readonly SessionReport[]): string =>
  sessions.length < 2
    ? ''
    : `<ul>${sessions.map((report, place) => `<li><a href="#s${place}">${show(report.recording)}</a> ${verdict(report)}</li>`).join('')}</ul>`;

const verdict = (report: SessionReport): string => {
  const severity = worst(report.findings);
  const tone = severity && severityAtLeast(severity, 'warning') ? severity : 'good';
  return `<b class="${tone}">${outcome(report)}</b>`;
};

const section = (report: SessionReport, place: number): string => {
  const { session, actions, unshown, gaps, end, recording } = report;
  const flags = session.unsafeFlags.map((flag) => ` <code>${show(flag)}</code>`).join('');
  const rows = [
    ...gaps.map((gap) => ({ at: gap.from, row: gapRow(gap) })),
    ...actions.map((action) => ({ at: action.start, row: actionRow(action, report) })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return `<h2 id="s${place}">${show(session.agent)} in ${show(scopeText(report))}</h2>
<div>${verdict(report)}, ${count(actions.length + unshown, 'action')} in ${duration(end - session.start)}</div>
<div class="dim">${show(recording)} · ${toIso(session.start).slice(0, 16).replace('T', ' ')} UTC · session ${show(session.id)}${flags && ` · started with${flags}`}${session.lateStart ? ' · seen from the middle' : ''}</div>
<table>
${rows.map(({ row }) => row).join('\n')}
</table>
${unshown > 0 ? `<p class="dim">… and ${count(unshown, 'action')} more</p>` : ''}`;
};

const actionRow = (action: AgentAction, report: SessionReport): string => {
  const raised = byWorst(report.findings.filter(({ actions }) => actions.at(-1) === action.index));
  const [first] = raised;
  const took = action.end - action.start;
  const notes = [
    ...(action.effects.exitStatus ? [`exit ${action.effects.exitStatus}`] : []),
    ...(took >= 1_000_000_000n ? [duration(took)] : []),
  ];
  return `<tr${first ? ` class="${first.severity}"` : ''}><td class="time">${clockTime(action.start)}</td><td class="kind">${action.kind}</td><td><code>${show(action.title)}</code> <span class="dim">${notes.join(', ')}</span>${raised.map((finding) => found(finding, report)).join('')}</td></tr>`;
};

const found = (finding: Finding, { actions }: SessionReport): string => {
  const accused = actions.filter(({ index }) => finding.actions.includes(index));
  const { text, usual, since } = tell(finding, accused);
  const earlier = since.length > 0 ? ` <span class="dim">with ${since.map(clockTime).join(', ')}</span>` : '';
  const below = usual === undefined ? '' : `<div class="dim">usual here: ${show(usual)}</div>`;
  return `<div class="found"><b class="${finding.severity}">${finding.severity}</b> <code>${show(finding.rule)}</code> ${show(text)}${earlier}${below}</div>`;
};

const gapRow = ({ cause, from, to, lost }: Gap): string =>
  `<tr class="gap"><td class="time">${clockTime(from)}</td><td class="kind">blind</td><td>${lost === undefined ? 'an unknown number of events' : count(lost, 'event')} lost (${cause})${to > from ? `, for ${duration(to - from)}` : ''}</td></tr>`;

const show = (text: string): string => escaped(text, MAX_TEXT);
