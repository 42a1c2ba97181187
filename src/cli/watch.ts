import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { prepareKnowledge } from '../app/knowledge.ts';
import { watch } from '../app/watch.ts';
import { SEVERITIES, type Severity, severityAtLeast, type Verdict } from '../model/verdict.ts';
import { errorMessage } from '../platform/error-message.ts';
import type { Logger } from '../platform/log.ts';
import { nextTurn } from '../platform/turn.ts';
import { alertLine } from '../report/alert-line.ts';
import { timelineReporter } from '../report/timeline.ts';
import { wantsColour } from './colour.ts';
import { columnsOf } from './columns.ts';
import { ConfigOption, EXIT, helpEnd, type Register, withConfig } from './command.ts';
import { ReportFiles } from './report-files.ts';
import { type ReportTarget, reportOption } from './report-option.ts';

interface WatchFlags {
  readonly timeline?: boolean;
  readonly once?: boolean;
  readonly verdictFile?: string;
  readonly failOn?: Severity;
  readonly report: readonly ReportTarget[];
}

/** `creance watch`: the service. */
export const registerWatch: Register = (program, shell) => {
  program
    .command('watch')
    .description('follow a running Falco: judge sessions as they happen, learn from clean ones, send alerts')
    .addOption(new ConfigOption('--source <url>', 'source.url', 'unix://…, https://…, http://…, a file, or -'))
    .addOption(
      new ConfigOption('--alertmanager <url>', 'alert.alertmanagers', 'send alerts there; several with commas'),
    )
    .option('--timeline', 'print each session as it ends')
    .option('--once', 'end when the first session has ended that no other agent started')
    .option(
      '--verdict-file <file>',
      'write the verdicts there, anew each time a session ends; an older file is removed',
    )
    .addOption(new Option('--fail-on <severity>', 'exit 1 on a finding of this severity or above').choices(SEVERITIES))
    .addOption(reportOption(shell))
    .addHelpText(
      'after',
      helpEnd(
        [
          ['creance watch --source unix:///run/falco/falco.sock', 'Falco up to 0.43, by gRPC'],
          ['creance watch --source http://127.0.0.1:2801/', 'any Falco, by its http_output'],
          ['creance watch --alertmanager http://am-0:9093,http://am-1:9093', 'a pair of Alertmanagers'],
          ['creance watch --once --verdict-file /creance/verdict.jsonl --fail-on error', 'beside one CI job'],
        ],
        [EXIT.ok, EXIT.findings, EXIT.usage, EXIT.failure],
      ),
    )
    .action(
      withConfig(shell, async ({ config, log, signal }, flags: WatchFlags) => {
        const over = new AbortController();
        const deps = { config, log, signal: AbortSignal.any([signal, over.signal]) };
        const knowledge = await prepareKnowledge(deps);
        const reporter = timelineReporter({ recording: 'live', colour: wantsColour(shell), width: columnsOf(shell) });
        const reports = new ReportFiles(targetsOf(flags, shell.cwd), {
          floor: flags.failOn ?? 'warning',
          stdout: shell.stdout,
        });
        const writer = tolerant(log);
        const piped = flags.report.some(({ file }) => file === '-');
        let found = false;
        const onVerdict = (verdict: Verdict) => {
          if (flags.timeline) shell.stdout.write(reporter.take(verdict));
          found ||= isAccused(verdict, flags.failOn);
          // Of one run, the file appears when all is judged and delivered.
          if (reports.take('live', verdict) && !flags.once) writer.write(() => reports.write());
          // On a later turn: this verdict has still to be delivered.
          if (flags.once && verdict.ended && verdict.session.parent === undefined)
            nextTurn(() => over.abort('the session has ended'));
        };
        const failures = await watch(knowledge, deps, {
          onVerdict,
          ...(!piped && { onAlert: (alert) => shell.stdout.write(alertLine(alert)) }),
        });
        writer.write(() => reports.end());
        for (const { name, reason } of failures) log.error({ part: name, reason }, 'a part did not close');
        if (found) return EXIT.findings;
        return failures.length > 0 || writer.failed ? EXIT.failure : EXIT.ok;
      }),
    );
};

const isAccused = ({ raised }: Verdict, floor: Severity | undefined): boolean =>
  floor !== undefined && raised.some(({ severity }) => severityAtLeast(severity, floor));

/** The reports that were asked for. A verdict that an earlier run left behind must not be taken for this one's. */
const targetsOf = ({ report, verdictFile }: WatchFlags, cwd: string): readonly ReportTarget[] => {
  if (verdictFile === undefined) return report;
  const file = resolve(cwd, verdictFile);
  rmSync(file, { force: true });
  return [...report, { format: 'verdicts', file, append: false }];
};

/** A full disk keeps no service from watching: failures are logged, once until it works again, and told by the exit code. */
const tolerant = (log: Logger) => {
  let failing = false;
  let failed = false;
  return {
    write: (task: () => void): void => {
      try {
        task();
        failing = false;
      } catch (error) {
        if (!failing) log.error({ reason: errorMessage(error) }, 'no report written');
        failing = true;
        failed = true;
      }
    },
    get failed(): boolean {
      return failed;
    },
  };
};
