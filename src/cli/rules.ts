import { factsOfRules, lintRules, listRules, testRules } from '../app/rules.ts';
import { factList, proofReport, ruleList } from '../report/rules.ts';
import { EXIT, helpEnd, type Register, withConfig } from './command.ts';

/** `creance rules`: the known-bad sequences that are in force, and whether they are right. */
export const registerRules: Register = (program, shell) => {
  const rules = program
    .command('rules')
    .description('list, check and try the rules for known-bad sequences')
    .addHelpText('after', helpEnd([['creance rules lint my-rules.yaml', 'is it right?']]));

  rules
    .command('list')
    .description('list the rules in force: the shipped ones and those of detect.sequence.rules')
    .addHelpText('after', helpEnd([['creance rules list | grep critical', 'what is gravest']]))
    .action(
      withConfig(shell, async ({ config }) => {
        shell.stdout.write(ruleList(listRules(config)));
        return EXIT.ok;
      }),
    );

  rules
    .command('lint')
    .description('say what is wrong in rules, with line and column')
    .argument('[file...]', 'files of rules; without any, all that are in force')
    .addHelpText('after', helpEnd([['creance rules lint my-rules.yaml', 'one file']]))
    .action(
      withConfig(shell, async ({ config }, files: readonly string[]) => {
        const { rules: read, problems } = lintRules(config, files);
        if (problems.length === 0) {
          shell.stdout.write(`${read.length} rule${read.length === 1 ? '' : 's'}: ok\n`);
          return EXIT.ok;
        }
        shell.stderr.write(problems.map((problem) => `creance: ${problem}\n`).join(''));
        return EXIT.usage;
      }),
    );

  rules
    .command('test')
    .description('run the timelines that rules bring along')
    .argument('[file...]', 'files of rules; without any, all that are in force')
    .addHelpText('after', helpEnd([['creance rules test my-rules.yaml', 'does it match what it should?']]))
    .action(
      withConfig(shell, async ({ config }, files: readonly string[]) => {
        const { problems, proofs } = testRules(config, files);
        if (problems.length > 0) {
          shell.stderr.write(problems.map((problem) => `creance: ${problem}\n`).join(''));
          return EXIT.usage;
        }
        shell.stdout.write(proofReport(proofs));
        return proofs.every(({ ok }) => ok) ? EXIT.ok : EXIT.failure;
      }),
    );

  rules
    .command('facts')
    .description('list what rules can ask about')
    .addHelpText('after', helpEnd([['creance rules facts | grep writes', 'of files that were written']]))
    .action(() => {
      shell.stdout.write(factList(factsOfRules()));
    });
};
