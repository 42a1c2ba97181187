import { Option } from 'commander';
import { openKnowledge } from '../app/knowledge.ts';
import { replayFile } from '../app/replay.ts';
import type { Alert } from '../model/alert.ts';
import { SEVERITIES, type Severity, severityAtLeast, type Verdict } from '../model/verdict.ts';
import { actionsReporter } from '../report/actions.ts';
import type { Reporter } from '../report/reporter.ts';
import { Summary } from '../report/summary.ts';
import { timelineReporter } from '../report/timeline.ts';
import { verdictsReporter } from '../report/verdicts.ts';
import { wantsColour } from './colour.ts';
import { columnsOf } from './columns.ts';
import { EXIT, helpEnd, type Register, type Shell, withConfig } from './command.ts';
import { recordingName, recordingsOf } from './files.ts';
import { ReportFiles } from './report-files.ts';
import { type ReportTarget, reportOption } from './report-option.ts';

const FORMATS = ['text', 'actions', 'verdicts', 'none'] as const;

interface ReplayFlags {
  readonly format: (typeof FORMATS)[number];
  readonly frozen?: boolean;
  readonly housekeeping?: boolean;
  readonly failOn?: Severity;
  readonly report: readonly ReportTarget[];
}

/** `creance replay`: recorded events through the same pipeline as live ones. */
export const registerReplay: Register = (program, shell) => {
  program
    .command('replay')
    .description('judge recorded events: JSON lines as Falco writes them, plain or gzipped; alerts are shown, not sent')
    .argument('<file...>', 'recordings, directories of recordings, or - for standard input')
    .addOption(new Option('--format <format>', 'what to print').choices(FORMATS).default('text'))
    .addOption(reportOption(shell))
    .option('--frozen', 'do not learn from one recording for the next')
    .option('--housekeeping', 'show what the agents do for themselves as well')
    .addOption(new Option('--fail-on <severity>', 'exit 1 on a finding of this severity or above').choices(SEVERITIES))
    .addHelpText(
      'after',
      helpEnd(
        [
          ['creance replay --frozen session.jsonl.gz', 'what did the agent do, and was it usual?'],
          ['creance replay --format verdicts --fail-on error recordings/', 'for machines'],
          [
            'creance replay --report html=session.html --report sarif=session.sarif session.jsonl.gz',
            'reports to keep',
          ],
        ],
        [EXIT.ok, EXIT.findings, EXIT.usage, EXIT.failure],
      ),
    )
    .action(
      withConfig(shell, async ({ config, log, signal }, paths: readonly string[], flags: ReplayFlags) => {
        const deps = { config, log, signal };
        const format = formatOf(flags);
        const knowledge = await openKnowledge(deps);
        const summary = new Summary();
        const reports = new ReportFiles(flags.report, {
          ...flags,
          floor: flags.failOn ?? 'warning',
          stdout: shell.stdout,
        });
        let failed = false;
        for (const path of recordingsOf(paths)) {
          if (signal.aborted) break;
          const recording = recordingName(path);
          const reporter = reporterOf(format, flags, recording, shell);
          const onVerdict = (verdict: Verdict) => {
            if (reporter) shell.stdout.write(reporter.take(verdict));
            summary.take(recording, verdict);
            reports.take(recording, verdict);
            failed ||=
              flags.failOn !== undefined &&
              verdict.raised.some(({ severity }) => severityAtLeast(severity, flags.failOn as Severity));
          };
          const onAlert = (alert: Alert) => summary.alert(alert);
          await replayFile(path, knowledge, deps, { learning: flags.frozen ? 'frozen' : 'memory', onVerdict, onAlert });
          if (reporter) shell.stdout.write(reporter.end());
        }
        await knowledge.store.close();
        reports.end();
        if (format === 'text') shell.stdout.write(summary.render(wantsColour(shell), columnsOf(shell)));
        return failed ? EXIT.findings : EXIT.ok;
      }),
    );
};

type Format = (typeof FORMATS)[number];

/** A report that goes to standard output has it to itself. */
const formatOf = ({ format, report }: ReplayFlags): Format =>
  report.some(({ file }) => file === '-') ? 'none' : format;

const reporterOf = (
  format: Format,
  { housekeeping = false }: ReplayFlags,
  recording: string,
  shell: Shell,
): Reporter | undefined => {
  if (format === 'none') return undefined;
  if (format === 'actions') return actionsReporter(recording);
  if (format === 'verdicts') return verdictsReporter(recording);
  return timelineReporter({ recording, housekeeping, colour: wantsColour(shell), width: columnsOf(shell) });
};
