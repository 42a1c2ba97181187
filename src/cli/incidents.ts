import { systemClock } from '../platform/clock.ts';
import { incidentsText, incidentText } from '../report/incidents.ts';
import { helpEnd, type Register } from './command.ts';
import { withDesk } from './desk.ts';

/** `creance incidents`: what was accused lately, and one of them in full. */
export const registerIncidents: Register = (program, shell) => {
  program
    .command('incidents')
    .description(
      'what was accused lately, the newest first; or one incident with its timeline and what accepting it means',
    )
    .argument('[incident]', 'id, as the alert shows it')
    .addHelpText(
      'after',
      helpEnd([
        ['creance incidents', 'what has there been?'],
        ['creance incidents 75e766c0a3ce', 'what was that?'],
      ]),
    )
    .action(
      withDesk(shell, async (desk, incident: string | undefined) => {
        const now = systemClock.now();
        return incident === undefined
          ? incidentsText(await desk.incidents(now))
          : incidentText(await desk.incident(incident, now));
      }),
    );
};
