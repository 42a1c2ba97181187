import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { curate, openKnowledge } from '../app/knowledge.ts';
import { systemClock } from '../platform/clock.ts';
import { diffText, pendingText } from '../report/baseline.ts';
import { EXIT, helpEnd, type Register, type Shell, withConfig } from './command.ts';

type Curator = ReturnType<typeof curate>;

/** `creance baseline`: look at what was learned, review it, carry it elsewhere, forget it. */
export const registerBaseline: Register = (program, shell) => {
  const baseline = program
    .command('baseline')
    .description('show, review, export, import and reset what was learned')
    .addHelpText('after', helpEnd([['creance baseline show', 'what is usual, scope by scope?']]));
  registerLooks(baseline, shell);
  registerReview(baseline, shell);
  registerDocuments(baseline, shell);
};

/** The action of a command that prints what the curator says. */
const withCurator = <Args extends readonly unknown[]>(
  shell: Shell,
  action: (curator: Curator, ...args: Args) => Promise<string> | string,
) =>
  withConfig<Args>(shell, async ({ config, log }, ...args) => {
    const knowledge = await openKnowledge({ config, log });
    shell.stdout.write(await action(curate(knowledge, config), ...args));
    await knowledge.store.close();
    return EXIT.ok;
  });

const registerLooks = (baseline: Command, shell: Shell): void => {
  baseline
    .command('show')
    .description('what is usual in each scope, in how many sessions it was seen, and how far the scope has come')
    .addHelpText('after', helpEnd([['creance baseline show --store file:baseline', 'of this store']]))
    .action(withCurator(shell, (curator) => curator.show(systemClock.now())));

  baseline
    .command('reset')
    .description('forget learned sessions')
    .option('--repository <name>', 'only those of this repository')
    .requiredOption('--yes', 'really')
    .addHelpText('after', helpEnd([['creance baseline reset --repository acme/shop --yes', 'start anew there']]))
    .action(
      withCurator(shell, async (curator, { repository }: { repository?: string }) => {
        return `${await curator.reset(repository)} sessions forgotten\n`;
      }),
    );

  baseline
    .command('rollback')
    .description('take back what was learned from sessions that ended after a time; they wait for a person again')
    .requiredOption('--to <time>', 'as 2026-05-01 or 2026-05-01T12:00:00Z', parseTime)
    .addHelpText('after', helpEnd([['creance baseline rollback --to 2026-05-01', 'as it was on that day']]))
    .action(
      withCurator(shell, async (curator, { to }: { to: bigint }) => {
        return `${await curator.rollback(to)} sessions taken back; \`creance baseline pending\` lists them\n`;
      }),
    );

  for (const [name, frozen, description, done] of [
    ['freeze', true, 'learn nothing from now on: sessions wait for a person', 'frozen\n'],
    ['thaw', false, 'learn again', 'thawed\n'],
  ] as const)
    baseline
      .command(name)
      .description(description)
      .addHelpText('after', helpEnd([[`creance baseline ${name}`, description]]))
      .action(
        withCurator(shell, async (curator) => {
          await curator.freeze(frozen);
          return done;
        }),
      );
};

const registerReview = (baseline: Command, shell: Shell): void => {
  baseline
    .command('pending')
    .description('the sessions that wait for a person, why, and what they would add')
    .addHelpText('after', helpEnd([['creance baseline pending', 'what was not learned by itself?']]))
    .action(withCurator(shell, async (curator) => pendingText(await curator.pending())));

  baseline
    .command('approve')
    .description('let sessions that wait join their baselines, with all that is sensitive in them')
    .argument('<session...>', 'ids, as `baseline pending` shows them')
    .addHelpText('after', helpEnd([['creance baseline approve claude-code-0c7f92e3a2bd', 'this is how we work']]))
    .action(
      withCurator(shell, async (curator, sessions: readonly string[]) => {
        return `${await curator.approve(sessions)} sessions learned\n`;
      }),
    );

  baseline
    .command('reject')
    .description('forget sessions that wait')
    .argument('<session...>', 'ids, as `baseline pending` shows them')
    .addHelpText('after', helpEnd([['creance baseline reject claude-code-0c7f92e3a2bd', 'this is not']]))
    .action(
      withCurator(shell, async (curator, sessions: readonly string[]) => {
        return `${await curator.reject(sessions)} sessions rejected\n`;
      }),
    );
};

const registerDocuments = (baseline: Command, shell: Shell): void => {
  const read = (name: string) => ({ name, text: readFileSync(name, 'utf8') });

  baseline
    .command('export')
    .description('print all learned sessions as one YAML document, for review and for git')
    .addHelpText('after', helpEnd([['creance baseline export > baseline.yaml', 'a copy']]))
    .action(withCurator(shell, (curator) => curator.export()));

  baseline
    .command('import')
    .description('add the sessions of an exported document; those that are known already count once')
    .argument('<file>', 'a document made by `baseline export`')
    .addHelpText('after', helpEnd([['creance baseline import baseline.yaml', 'from another machine']]))
    .action(
      withCurator(shell, async (curator, file: string) => {
        const { added, known } = await curator.import(read(file));
        return `${added} sessions added, ${known} known before\n`;
      }),
    );

  baseline
    .command('diff')
    .description('what would newly be normal, and what no longer, if one document took the place of the other')
    .argument('<before>', 'a document made by `baseline export`')
    .argument('<after>', 'another one')
    .addHelpText('after', helpEnd([['creance baseline diff main.yaml branch.yaml', 'what does this branch allow?']]))
    .action(
      withCurator(shell, (curator, before: string, after: string) => diffText(curator.diff(read(before), read(after)))),
    );

  baseline
    .command('merge')
    .description('print several exported documents as one, each session once')
    .argument('<file...>', 'documents made by `baseline export`')
    .addHelpText('after', helpEnd([['creance baseline merge east.yaml west.yaml > all.yaml', 'of two clusters']]))
    .action(withCurator(shell, (curator, files: readonly string[]) => curator.merge(files.map(read))));
};

const parseTime = (text: string): bigint => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('Write a time as 2026-05-01T12:00:00Z.');
  return BigInt(at) * 1_000_000n;
};
