import { basename } from 'node:path/posix';
import { InvalidArgumentError } from 'commander';
import { explainAgents, listAgents } from '../app/agents.ts';
import type { AgentSummary, Example, Explanation } from '../model/explanation.ts';
import { EXIT, helpEnd, type Register, withConfig } from './command.ts';

interface TestFlags {
  readonly exepath?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

/** `creance agents`: which agents are known, and what a process would be taken for. */
export const registerAgents: Register = (program, shell) => {
  const agents = program
    .command('agents')
    .description('show which coding agents are recognised, and try the catalogue on an example')
    .addHelpText('after', helpEnd([['creance agents list', 'who is recognised, and by what?']]));

  agents
    .command('list')
    .description('the catalogue of agents: the shipped entries and those of process.agents')
    .option('--json', 'as JSON')
    .addHelpText('after', helpEnd([['creance agents list --set process.agents=ours.yaml', 'with an entry of our own']]))
    .action(
      withConfig(shell, async ({ config }, { json }: { json?: boolean }) => {
        const list = listAgents(config);
        shell.stdout.write(json ? `${JSON.stringify(list, null, 2)}\n` : table(list));
        return EXIT.ok;
      }),
    );

  agents
    .command('test')
    .description('say which agent a command line would be taken for, how surely, and why the others not')
    .argument('<command...>', 'the command line, behind --')
    .option(
      '--exepath <path>',
      'the executable, as proc.exepath shows it; the first word of the command if that is a path',
    )
    .option('--env <name=value>', 'a variable of its environment; may be repeated', collectEnv)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      helpEnd([
        ['creance agents test --exepath /usr/bin/node -- node /usr/bin/gemini -p hello', 'is that Gemini CLI?'],
        ['creance agents test --env CLAUDECODE=1 -- bash -c "npm test"', 'and what starts this?'],
      ]),
    )
    .action(
      withConfig(shell, async ({ config }, words: readonly string[], flags: TestFlags) => {
        const explained = explainAgents(config, exampleOf(words, flags));
        shell.stdout.write(flags.json ? `${JSON.stringify(explained, null, 2)}\n` : report(explained));
        return EXIT.ok;
      }),
    );
};

/** As Falco shows a process: the command line begins with its name, not with the path. */
const exampleOf = ([first = '', ...rest]: readonly string[], { exepath, env = {} }: TestFlags): Example => {
  const name = basename(first);
  const path = exepath ?? (first.startsWith('/') ? first : undefined);
  return { name, exe: first, cmdline: [name, ...rest].join(' '), env, ...(path !== undefined && { exepath: path }) };
};

const collectEnv = (text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write NAME=VALUE.');
  return { ...before, [name]: value };
};

const table = (list: readonly AgentSummary[]): string => {
  const rows = [
    ['ID', 'NAME', 'VERIFIED', 'EVIDENCE'],
    ...list.map(({ id, name, verified, evidence }) => [id, name, verified ? 'yes' : 'no', evidence.join(', ')]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`).join('');
};

const report = (explained: readonly Explanation[]): string => {
  const taken = explained.find(({ verdict }) => verdict === 'agent');
  const head = taken ? `${taken.name}\n` : 'no agent by this alone\n';
  const blocks = explained.map(({ id, verdict, confidence, evidence, reasons }) => {
    const sure = confidence > 0 ? `${verdict}, confidence ${confidence}` : verdict;
    return [`${id}: ${sure}`, ...evidence.map((text) => `  + ${text}`), ...reasons.map((text) => `  - ${text}`)];
  });
  return `${head}\n${blocks.flat().join('\n')}\n`;
};
