import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { doctor } from '../app/doctor.ts';
import { checksJson, hasProblem, renderChecks } from '../report/doctor.ts';
import { wantsColour } from './colour.ts';
import { ConfigOption, EXIT, type Register, withConfig } from './command.ts';

interface DoctorFlags {
  readonly falcoConfig?: string;
  readonly falcoVersion?: string;
  readonly wait: number;
  readonly json?: boolean;
}

const HELP = `
Stop the service before: Falco's gRPC output gives each event to one consumer only, and a port has room for one.

Exit codes:
  0  it will work, perhaps with warnings
  1  something will not work
  2  wrong usage or configuration
  3  failed while running

Examples:
  # is this Falco ready for creance?
  creance doctor --falco-config /etc/falco/falco.yaml
  # what must be changed for the next release?
  creance doctor --falco-config falco.yaml --falco-version 0.44.1 --wait 0
  # for machines
  creance doctor --json`;

/** `creance doctor`: will it work here? */
export const registerDoctor: Register = (program, shell) => {
  program
    .command('doctor')
    .description(
      'tell whether this will work here: Falco’s configuration, the source, its events, the store, Alertmanager',
    )
    .addOption(new ConfigOption('--source <url>', 'source.url', 'unix://…, https://…, http://…, a file, or -'))
    .addOption(new ConfigOption('--alertmanager <url>', 'alert.alertmanagers', 'several with commas'))
    .option('--falco-config <file>', 'a falco.yaml to look through')
    .addOption(
      new Option(
        '--falco-version <version>',
        'the Falco that will read it, where it is not the one at the source',
      ).argParser(release),
    )
    .addOption(new Option('--wait <seconds>', 'how long to wait for events').default(10).argParser(seconds))
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(
      withConfig(shell, async ({ config, log, signal }, flags: DoctorFlags) => {
        const { falcoConfig: name, falcoVersion, wait, json = false } = flags;
        let text: string | undefined;
        try {
          if (name !== undefined) text = readFileSync(resolve(shell.cwd, name), 'utf8');
        } catch (error) {
          shell.stderr.write(`creance: --falco-config: ${(error as Error).message}\n`);
          return EXIT.usage;
        }
        const checks = await doctor(
          { config, log, signal },
          {
            waitMs: wait * 1_000,
            ...(name !== undefined && text !== undefined && { falcoConfig: { name, text } }),
            ...(falcoVersion !== undefined && { falcoVersion }),
          },
        );
        shell.stdout.write(json ? checksJson(checks) : renderChecks(checks, wantsColour(shell)));
        return hasProblem(checks) ? EXIT.findings : EXIT.ok;
      }),
    );
};

const seconds = (text: string): number => {
  const number = Number(text);
  if (text === '' || !(number >= 0 && number <= 3_600))
    throw new InvalidArgumentError('Write a number of seconds, up to 3600.');
  return number;
};

const release = (text: string): string => {
  if (!/^v?\d+\.\d+/.test(text)) throw new InvalidArgumentError('Write a version such as 0.44.1.');
  return text;
};
