import { readFileSync } from 'node:fs';
import { exportBaselines, importBaselines, openKnowledge, resetBaselines, showBaselines } from '../app.ts';
import { EXIT, helpEnd, type Register, withConfig } from './command.ts';

/** `creance baseline`: look at what was learned, carry it elsewhere, forget it. */
export const registerBaseline: Register = (program, shell) => {
  const baseline = program
    .command('baseline')
    .description('show, export, import and reset what was learned')
    .addHelpText('after', helpEnd([['creance baseline show', 'what is usual, scope by scope?']]));

  baseline
    .command('show')
    .description('what is usual in each scope, and in how many sessions it was seen')
    .addHelpText('after', helpEnd([['creance baseline show --store file:baseline', 'of this store']]))
    .action(
      withConfig(shell, async ({ config, log }) => {
        const knowledge = await openKnowledge({ config, log });
        shell.stdout.write(showBaselines(knowledge, config));
        await knowledge.store.close();
        return EXIT.ok;
      }),
    );

  baseline
    .command('export')
    .description('print all learned sessions as one JSON document')
    .addHelpText('after', helpEnd([['creance baseline export > baseline.json', 'a copy']]))
    .action(
      withConfig(shell, async ({ config, log }) => {
        const knowledge = await openKnowledge({ config, log });
        shell.stdout.write(exportBaselines(knowledge));
        await knowledge.store.close();
        return EXIT.ok;
      }),
    );

  baseline
    .command('import')
    .description('add the sessions of an exported document; those that are known already count once')
    .argument('<file>', 'a document made by `baseline export`')
    .addHelpText('after', helpEnd([['creance baseline import baseline.json', 'from another machine']]))
    .action(
      withConfig(shell, async ({ config, log }, file: string) => {
        const text = readFileSync(file, 'utf8');
        const knowledge = await openKnowledge({ config, log });
        const { added, known } = await importBaselines(knowledge, text, file);
        await knowledge.store.close();
        shell.stdout.write(`${added} sessions added, ${known} known before\n`);
        return EXIT.ok;
      }),
    );

  baseline
    .command('reset')
    .description('forget learned sessions')
    .option('--repository <name>', 'only those of this repository')
    .requiredOption('--yes', 'really')
    .addHelpText('after', helpEnd([['creance baseline reset --repository acme/shop --yes', 'start anew there']]))
    .action(
      withConfig(shell, async ({ config, log }, { repository }: { repository?: string }) => {
        const knowledge = await openKnowledge({ config, log });
        const removed = await resetBaselines(knowledge, repository);
        await knowledge.store.close();
        shell.stdout.write(`${removed} sessions forgotten\n`);
        return EXIT.ok;
      }),
    );
};
