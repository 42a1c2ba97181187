import { configJsonSchema, configReference, printConfig } from '../config.ts';
import { EXIT, helpEnd, type Register, withConfig } from './command.ts';

/** `creance config`: what is configured, is it right, and what could be. */
export const registerConfig: Register = (program, shell) => {
  const config = program
    .command('config')
    .description('check and show the configuration')
    .addHelpText('after', helpEnd([['creance config check', 'is the configuration right?']]));

  config
    .command('check')
    .description('say which file is used and whether all settings are right')
    .addHelpText('after', helpEnd([['creance config check --config ci.yaml', 'check one file, with the environment']]))
    .action(
      withConfig(shell, async ({ loaded }) => {
        shell.stdout.write(`${loaded.file ?? 'no configuration file'}: ok\n`);
        return EXIT.ok;
      }),
    );

  config
    .command('print')
    .description('print the settings in force, and where each that is no default came from; secrets are masked')
    .addHelpText('after', helpEnd([['creance config print --set log.level=debug', 'what would be in force?']]))
    .action(
      withConfig(shell, async ({ loaded }) => {
        shell.stdout.write(printConfig(loaded));
        return EXIT.ok;
      }),
    );

  config
    .command('schema')
    .description('print the JSON Schema of the configuration file')
    .addHelpText(
      'after',
      helpEnd([['creance config schema > creance.schema.json', 'for an editor that completes keys']]),
    )
    .action(() => {
      shell.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    });

  config
    .command('reference')
    .description('print the reference page: every key, its environment variable, type, default and meaning')
    .addHelpText('after', helpEnd([['creance config reference | less', 'read it']]))
    .action(() => {
      shell.stdout.write(configReference());
    });
};
