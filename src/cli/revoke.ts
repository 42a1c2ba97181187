import { systemClock } from '../platform/clock.ts';
import { helpEnd, type Register } from './command.ts';
import { type ActFlags, actOptions, authorOf, withDesk } from './desk.ts';

/** `creance revoke`: takes an acceptance back. */
export const registerRevoke: Register = (program, shell) => {
  const revoke = program
    .command('revoke')
    .description('take an acceptance back: what it made known is accused again')
    .argument('<incident>', 'id, as `creance accepted` shows it')
    .addHelpText('after', helpEnd([['creance revoke 75e766c0a3ce --reason "the mirror is gone"', 'no longer']]))
    .action(
      withDesk(shell, async (desk, incident: string, { reason, ...flags }: ActFlags) => {
        await desk.revoke(incident, {
          by: authorOf(flags),
          at: systemClock.now(),
          ...(reason !== undefined && { reason }),
        });
        return `${incident} is no longer accepted\n`;
      }),
    );
  for (const option of actOptions()) revoke.addOption(option);
};
