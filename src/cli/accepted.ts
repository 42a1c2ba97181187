import { systemClock } from '../platform/clock.ts';
import { acceptedText } from '../report/incidents.ts';
import { helpEnd, type Register, type Shell } from './command.ts';
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
        audit ? auditText(await desk.history(), shell) : acceptedText(await desk.accepted(), systemClock.now()),
      ),
    );
};

/** A line that a crash or a full disk has torn is no reason to keep the others back. */
const auditText = (lines: readonly unknown[], { stderr }: Pick<Shell, 'stderr'>): string => {
  const read = lines.filter((line) => line !== undefined);
  const torn = lines.length - read.length;
  if (torn > 0) stderr.write(`creance: lines of the audit journal that cannot be read: ${torn}\n`);
  return read.map((line) => `${JSON.stringify(line)}\n`).join('');
};
