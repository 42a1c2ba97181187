import { systemClock } from '../platform/clock.ts';
import { acceptedText } from '../report/incidents.ts';
import { helpEnd, type Register } from './command.ts';
import { withDesk } from './desk.ts';

/** `creance accepted`: what people have accepted, and every act of theirs. */
export const registerAccepted: Register = (program, shell) => {
  program
    .command('accepted')
    .description('what is accepted: by whom, until when, why, and what it makes known where')
    .option('--audit', 'every acceptance and revocation ever, a line of JSON each')
    .addHelpText('after', helpEnd([['creance accepted --audit | jq .by', 'who accepted things?']]))
    .action(
      withDesk(shell, async (desk, { audit }: { audit?: boolean }) =>
        audit
          ? (await desk.history()).map((line) => `${JSON.stringify(line)}\n`).join('')
          : acceptedText(await desk.accepted(), systemClock.now()),
      ),
    );
};
