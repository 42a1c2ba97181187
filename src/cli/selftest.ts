import { Option } from 'commander';
import { attack } from '../app/attack.ts';
import { openKnowledge } from '../app/knowledge.ts';
import { selftest } from '../app/selftest.ts';
import { selftestReport } from '../report/selftest.ts';
import { EXIT, helpEnd, type Register, withConfig } from './command.ts';
import { parseTime } from './verdict.ts';

interface SelftestFlags {
  readonly against?: string;
  readonly rule?: string;
  readonly wait?: number;
  readonly silence?: boolean;
}

/** `creance selftest`: would this installation have alerted? */
export const registerSelftest: Register = (program, shell) => {
  program
    .command('selftest')
    .description(
      'replay known attacks through the whole pipe, and show class by class what this configuration makes of them',
    )
    .option('--rule <id>', 'only what this rule is about')
    .option('--against <url>', 'send the events to a running creance instead, as Falco’s http_output would')
    .addOption(
      new Option(
        '--wait <time>',
        'with --against: until every Alertmanager has the alerts, for so long at most',
      ).argParser(parseTime),
    )
    .option('--silence', 'with --wait: silence these alerts at Alertmanager first, so that nobody is told')
    .addHelpText(
      'after',
      helpEnd([
        ['creance selftest', 'here, without Falco; alerts go nowhere'],
        ['creance selftest --against http://127.0.0.1:2801/', 'the real way in; real alerts go out'],
        [
          'creance selftest --against http://127.0.0.1:2801/ --rule reverse-shell-command --wait 30s --silence',
          'one alert, from end to end, without waking anybody',
        ],
      ]),
    )
    .action(
      withConfig(shell, async ({ config, log, signal }, { against, rule, wait, silence = false }: SelftestFlags) => {
        if ((wait !== undefined && against === undefined) || (silence && wait === undefined)) {
          shell.stderr.write('creance: --wait needs --against, and --silence needs --wait\n');
          return EXIT.usage;
        }
        if (against !== undefined) {
          const onStep = (line: string) => shell.stdout.write(`${line}\n`);
          await attack({ config, log, signal }, { against, rule, waitMs: wait, silence, onStep });
          return EXIT.ok;
        }
        const knowledge = await openKnowledge({ config, log });
        const { text, ok } = selftestReport(
          await selftest(knowledge, { config, log, signal }, rule),
          config.alert.minSeverity,
        );
        await knowledge.store.close();
        shell.stdout.write(text);
        return ok ? EXIT.ok : EXIT.failure;
      }),
    );
};
