import { systemClock } from '../platform/clock.ts';
import { acceptedText } from '../report/incidents.ts';
import { helpEnd, type Register } from './command.ts';
import { type ActFlags, actOptions, authorOf, parseTerm, withDesk } from './desk.ts';

interface AcceptFlags extends ActFlags {
  readonly expires?: bigint;
}

/** `creance accept`: a person's word that what an incident told of is as it should be. */
export const registerAccept: Register = (program, shell) => {
  const accept = program
    .command('accept')
    .description('accept what an incident accused, in the scopes it was seen in; its alert resolves')
    .argument(
      '<incident>',
      'as the alert and `creance incidents ID` show it: ID.N is refused where it accuses more than N by now',
    )
    .option('--expires <term>', 'accuse it again after 12h, 30d, 4w; by default it holds for good', parseTerm)
    .addHelpText(
      'after',
      helpEnd([
        ['creance accept 75e766c0a3ce.4 --expires 30d --reason "new registry mirror"', 'for a month'],
        ['creance accepted', 'what is accepted'],
      ]),
    )
    .action(
      withDesk(shell, async (desk, incident: string, { expires, reason, ...flags }: AcceptFlags) => {
        const now = systemClock.now();
        const acceptance = await desk.accept(incident, {
          by: authorOf(flags),
          at: now,
          ...(reason !== undefined && { reason }),
          ...(expires !== undefined && { expires: now + expires }),
        });
        return acceptedText([acceptance], now);
      }),
    );
  for (const option of actOptions()) accept.addOption(option);
};
