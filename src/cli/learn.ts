import { openKnowledge } from '../app/knowledge.ts';
import { replayFile } from '../app/replay.ts';
import type { Verdict } from '../model/verdict.ts';
import { learnedLine } from '../report/learned.ts';
import { EXIT, helpEnd, type Register, withConfig } from './command.ts';
import { recordingName, recordingsOf } from './files.ts';

/** `creance learn`: recorded sessions into the baseline. */
export const registerLearn: Register = (program, shell) => {
  program
    .command('learn')
    .description('learn from recorded events: clean sessions join the baseline of their scope, for good')
    .argument('<file...>', 'recordings, directories of recordings, or - for standard input')
    .addHelpText('after', helpEnd([['creance learn --store file:baseline recordings/', 'what is usual here?']]))
    .action(
      withConfig(shell, async ({ config, log, signal }, paths: readonly string[]) => {
        const deps = { config, log, signal };
        const knowledge = await openKnowledge(deps);
        const total = { learned: 0, known: 0, refused: 0, lost: 0 };
        for (const path of recordingsOf(paths)) {
          if (signal.aborted) break;
          const recording = recordingName(path);
          const outcomes = new Map<string, 'learned' | 'known'>();
          const ended: Verdict[] = [];
          const { lost } = await replayFile(path, knowledge, deps, {
            learning: 'store',
            vouched: true,
            onVerdict: (verdict) => verdict.ended && ended.push(verdict),
            onLesson: (session, isNew) => outcomes.set(session, isNew ? 'learned' : 'known'),
          });
          total.lost += lost;
          for (const verdict of ended) {
            const outcome = outcomes.get(verdict.session.id) ?? 'refused';
            total[outcome]++;
            shell.stdout.write(learnedLine(recording, verdict, outcome));
          }
        }
        await knowledge.store.close();
        const { learned, known, refused, lost } = total;
        shell.stdout.write(
          `${learned} learned, ${known} known before, ${refused} not clean; store ${knowledge.store.name}\n`,
        );
        return lost > 0 ? EXIT.failure : EXIT.ok;
      }),
    );
};
