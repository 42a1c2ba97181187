import { openKnowledge, watch } from '../app.ts';
import { timelineReporter } from '../report/timeline.ts';
import { wantsColour } from './colour.ts';
import { ConfigOption, EXIT, helpEnd, type Register, withConfig } from './command.ts';

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
    .addHelpText(
      'after',
      helpEnd([
        ['creance watch --source unix:///run/falco/falco.sock', 'Falco up to 0.43, by gRPC'],
        ['creance watch --source http://127.0.0.1:2801/', 'any Falco, by its http_output'],
        ['creance watch --alertmanager http://am-0:9093,http://am-1:9093', 'a pair of Alertmanagers'],
      ]),
    )
    .action(
      withConfig(shell, async ({ config, log, signal }, { timeline = false }: { timeline?: boolean }) => {
        const deps = { config, log, signal };
        const knowledge = await openKnowledge(deps);
        const reporter = timelineReporter({ recording: 'live', colour: wantsColour(shell) });
        const failures = await watch(knowledge, deps, {
          onVerdict: (verdict) => timeline && shell.stdout.write(reporter.take(verdict)),
          onAlert: (line) => shell.stdout.write(line),
        });
        for (const { name, reason } of failures) log.error({ part: name, reason }, 'a part did not close');
        return failures.length > 0 ? EXIT.failure : EXIT.ok;
      }),
    );
};
