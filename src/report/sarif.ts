import type { Log, ReportingDescriptor, Result, Run } from 'sarif';
import type { Finding, Severity } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';
import type { Render } from './report-context.ts';
import { fingerprintOf } from './sarif-fingerprint.ts';
import { locationOf } from './sarif-location.ts';
import type { SessionReport } from './session-report.ts';
import { count, scopeText } from './sessions-text.ts';
import { tell } from './telling.ts';

const MAX_TEXT = 1_000;

const LEVELS: Readonly<Record<Severity, Result.level>> = {
  critical: 'error',
  error: 'error',
  warning: 'warning',
  notice: 'note',
  info: 'note',
};

/** What code scanning sorts alerts by: from 9 critical, from 7 high, from 4 medium. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  error: '8.0',
  warning: '5.5',
  notice: '2.0',
  info: '0.5',
};

/** SARIF 2.1.0 for code scanning: the same finding of another run has the same fingerprint, and so stays one alert. */
export const sarif: Render = (sessions, { version, leftOut }) => {
  const rules = new Map<string, ReportingDescriptor>();
  const results = new Map<string, Result>();
  for (const report of sessions)
    for (const finding of report.findings) {
      const id = ruleId(finding);
      // The gravest finding of a rule says how grave the rule is.
      if (isGraver(finding.severity, rules.get(id))) rules.set(id, descriptorOf(id, finding, report));
      const fingerprint = fingerprintOf(finding, report);
      const known = results.get(fingerprint);
      if (known) known.occurrenceCount = (known.occurrenceCount ?? 1) + 1;
      else results.set(fingerprint, resultOf(id, finding, report, fingerprint));
    }
  const order = [...rules.keys()];
  const run: Run = {
    tool: { driver: { name: 'creance', semanticVersion: version, rules: [...rules.values()] } },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications(sessions, leftOut) }],
    results: [...results.values()].map((result) => ({ ...result, ruleIndex: order.indexOf(result.ruleId ?? '') })),
  };
  const log: Log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
};

const ruleId = ({ detector, rule }: Finding): string => show(`${detector}/${rule}`);

const isGraver = (severity: Severity, known: ReportingDescriptor | undefined): boolean =>
  known === undefined || Number(SCORES[severity]) > Number(known.properties?.['security-severity']);

const descriptorOf = (id: string, finding: Finding, { actions }: SessionReport): ReportingDescriptor => {
  const { detector, rule, severity, techniques } = finding;
  const accused = actions.filter(({ index }) => finding.actions.includes(index));
  const title = detector === 'sequence' ? tell(finding, accused).text : `${rule.replaceAll('-', ' ')} (${detector})`;
  return {
    id,
    shortDescription: { text: show(title) },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', 'ai-agent', ...techniques.map(show)],
      'security-severity': SCORES[severity],
      precision: detector === 'baseline' ? 'medium' : 'high',
    },
  };
};

const resultOf = (id: string, finding: Finding, report: SessionReport, fingerprint: string): Result => {
  const { severity, detector, summary, expected, at } = finding;
  const { session, recording } = report;
  const usual = expected === undefined ? '' : ` Usual here: ${show(expected)}.`;
  return {
    ruleId: id,
    level: LEVELS[severity],
    message: { text: `${show(summary)}.${usual}` },
    locations: [locationOf(finding, report)],
    // The second is the one that GitHub keeps alerts apart by; it would compute it of a file's line.
    partialFingerprints: { 'creanceFinding/v1': fingerprint, primaryLocationLineHash: `${fingerprint}:1` },
    properties: {
      severity,
      detector,
      recording: show(recording),
      session: show(session.id),
      agent: show(session.agent),
      scope: show(scopeText(report)),
      at: new Date(Number(at / 1_000_000n)).toISOString(),
      actions: report.actions.filter(({ index }) => finding.actions.includes(index)).map(({ title }) => show(title)),
    },
  };
};

const notifications = (sessions: readonly SessionReport[], leftOut: number) => [
  ...sessions
    .filter(({ gaps }) => gaps.length > 0)
    .map(({ session, gaps }) => ({
      level: 'warning' as const,
      message: { text: `${count(gaps.length, 'gap')} in what was seen of session ${show(session.id)}` },
    })),
  ...(leftOut > 0 ? [{ level: 'warning' as const, message: { text: `${count(leftOut, 'session')} left out` } }] : []),
];

const show = (text: string): string => printable(text, MAX_TEXT);
