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
        .default(60_000, '60s')
        .argParser(parseTime),
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
      withConfig(shell, async ({ signal }, file: string, { wait = false, timeout, failOn }: VerdictFlags) => {
        const path = resolve(shell.cwd, file);
        const waiting = { clock: systemClock, timeoutMs: timeout, signal };
        const text = wait ? await waitForFile(path, waiting) : readFileSync(path, 'utf8');
        if (text === undefined)
          throw new Error(
            signal.aborted ? `stopped before ${path} was there` : `${path} was not there within ${timeout / 1_000} s`,
          );
        const sessions = readVerdicts(text);
        if (!sessions) throw new Error(`${path} is no verdict file`);
        shell.stdout.write(verdictsText(sessions, failOn, wantsColour(shell)));
        return verdictsFail(sessions, failOn) ? EXIT.findings : EXIT.ok;
      }),
    );
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
