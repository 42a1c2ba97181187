import { selftest, selftestEvents } from '../app/selftest.ts';
import { openKnowledge } from '../app.ts';
import { selftestReport } from '../report/selftest.ts';
import { EXIT, helpEnd, type Register, withConfig } from './command.ts';

/** `creance selftest`: would this installation have alerted? */
export const registerSelftest: Register = (program, shell) => {
  program
    .command('selftest')
    .description(
      'replay known attacks through the whole pipe, and show class by class what this configuration makes of them',
    )
    .option('--against <url>', 'send the events to a running creance instead, as Falco’s http_output would')
    .addHelpText(
      'after',
      helpEnd([
        ['creance selftest', 'here, without Falco; alerts go nowhere'],
        ['creance selftest --against http://127.0.0.1:2801/', 'the real way in; real alerts go out'],
      ]),
    )
    .action(
      withConfig(shell, async ({ config, log, signal }, { against }: { against?: string }) => {
        if (against !== undefined) {
          const events = selftestEvents({ config });
          const taken = await send(against, events, signal);
          shell.stdout.write(
            `${taken} of ${events.length} events were taken by ${against}; look for alerts of repository creance/selftest\n`,
          );
          return taken === events.length ? EXIT.ok : EXIT.failure;
        }
        const knowledge = await openKnowledge({ config, log });
        const { text, ok } = selftestReport(
          await selftest(knowledge, { config, log, signal }),
          config.alert.minSeverity,
        );
        await knowledge.store.close();
        shell.stdout.write(text);
        return ok ? EXIT.ok : EXIT.failure;
      }),
    );
};

/** One request an event, one at a time, as Falco sends them; resolves with the number of those that were taken. */
const send = async (url: string, events: readonly string[], signal: AbortSignal): Promise<number> => {
  let taken = 0;
  for (const body of events) {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      signal,
    });
    await response.arrayBuffer();
    if (response.ok) taken++;
  }
  return taken;
};
