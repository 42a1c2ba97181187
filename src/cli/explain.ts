import { readFileSync } from 'node:fs';
import { explainVerdicts } from '../report/explain.ts';
import { EXIT, helpEnd, type Register, withConfig } from './command.ts';

/** `creance explain`: what a session's findings were held against. */
export const registerExplain: Register = (program, shell) => {
  program
    .command('explain')
    .description('why was this session accused: what was expected, how often it was seen, and what came instead')
    .argument('<verdicts>', 'what `creance replay --format verdicts` printed; - for standard input')
    .argument('<session>', 'id of a session, or name of a recording')
    .addHelpText('after', helpEnd([['creance explain verdicts.jsonl claude-code-0c7f92e3a2bd', 'why?']]))
    .action(
      withConfig(shell, async (_context, file: string, session: string) => {
        const text = explainVerdicts(readFileSync(file === '-' ? 0 : file, 'utf8').split('\n'), session);
        if (text === undefined) throw new Error(`${file} tells of no session or recording ${session}`);
        shell.stdout.write(text);
        return EXIT.ok;
      }),
    );
};
