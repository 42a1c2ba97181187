import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { SEVERITIES, type Severity } from '../model/verdict.ts';
import { systemClock } from '../platform/clock.ts';
import { readVerdicts, verdictsFail, verdictsText } from '../report/verdict-text.ts';
import { wantsColour } from './colour.ts';
import { EXIT, helpEnd, type Register, withConfig } from './command.ts';
import { waitForFile } from './wait-for-file.ts';

interface VerdictFlags {
  readonly wait?: boolean;
  readonly timeout: number;
  readonly sessions: number;
  readonly failOn: Severity;
}

/** `creance verdict`: what a later step of a job asks before it publishes. */
export const registerVerdict: Register = (program, shell) => {
  program
    .command('verdict')
    .description('read the verdict file that `creance watch --verdict-file` writes, and fail on grave findings')
    .argument('<file>', 'the verdict file')
    .option('--wait', 'wait until the file is there')
    .addOption(
      new Option('--timeout <time>', 'longest time to wait, such as 500ms, 60s or 5m')
        .default(120_000, '2m')
        .argParser(parseTime),
    )
    .addOption(
      new Option('--sessions <number>', 'with --wait: until it tells of so many, where a job runs several agents')
        .default(1)
        .argParser(parseNumber),
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 on a finding of this severity or above')
        .choices(SEVERITIES)
        .default('warning'),
    )
    .addHelpText(
      'after',
      helpEnd(
        [['creance verdict --wait /creance/verdict.jsonl --fail-on error', 'the last step before a job publishes']],
        [EXIT.ok, EXIT.findings, EXIT.usage, EXIT.failure],
      ),
    )
    .action(
      withConfig(
        shell,
        async ({ signal }, file: string, { wait = false, timeout, sessions: least, failOn }: VerdictFlags) => {
          const path = resolve(shell.cwd, file);
          // What is no verdict is not waited for: it is refused below.
          const suffices = (text: string) => (readVerdicts(text)?.length ?? least) >= least;
          const waiting = { clock: systemClock, timeoutMs: timeout, signal, suffices };
          const text = wait ? await waitForFile(path, waiting) : readFileSync(path, 'utf8');
          if (text === undefined) throw new Error(missing(path, least, signal.aborted ? undefined : timeout));
          const sessions = readVerdicts(text);
          if (!sessions) throw new Error(`${path} is no verdict file`);
          shell.stdout.write(verdictsText(sessions, failOn, wantsColour(shell)));
          return verdictsFail(sessions, failOn) ? EXIT.findings : EXIT.ok;
        },
      ),
    );
};

const missing = (path: string, least: number, timeoutMs: number | undefined): string => {
  const what = least === 1 ? `${path} was not there` : `${path} did not tell of ${least} sessions`;
  return timeoutMs === undefined ? `stopped; ${what}` : `${what} within ${timeoutMs / 1_000} s`;
};

const parseNumber = (text: string): number => {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Write a number from 1.');
  return Number(text);
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A length of time in milliseconds; a number alone is seconds. */
export const parseTime = (text: string): number => {
  const [, number, unit = 's'] = /^(\d{1,7})(ms|s|m|h)?$/.exec(text) ?? [];
  const length = Number(number) * (UNITS[unit] ?? Number.NaN);
  // What a timer can count.
  if (!(length < 2 ** 31)) throw new InvalidArgumentError('Write a time such as 500ms, 60s or 5m.');
  return length;
};
