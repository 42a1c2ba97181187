import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Config, type LoadedConfig, loadConfig } from '../config.ts';
import type { Signals } from '../platform/lifecycle.ts';
import { createLog, type Logger } from '../platform/log.ts';

/** How every command ends, and what its help says of it. */
export const EXIT = { ok: 0, findings: 1, usage: 2, failure: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const EXIT_MEANING: Readonly<Record<ExitCode, string>> = {
  0: 'fine',
  1: 'findings at or above --fail-on',
  2: 'wrong usage or configuration',
  3: 'failed while running',
};

/** What a command touches of the outside, so that tests can stand in for all of it. */
export interface Io {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signals: Signals;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** One run of the program. */
export interface Shell extends Io {
  /** Aborted by the first SIGTERM or SIGINT, and when nobody reads standard output any more. */
  readonly signal: AbortSignal;
  exitCode: ExitCode;
  /** Failures show their stack. */
  debug: boolean;
}

/** Each command file exports one of these, and src/cli/run.ts lists it. */
export type Register = (program: Command, shell: Shell) => void;

/** What the action of a command works with. */
export interface Context {
  readonly config: Config;
  /** The same with the file and the origin of each value. */
  readonly loaded: LoadedConfig;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** An option that stands for a key of the configuration: `new ConfigOption('--store <url>', 'store', 'text')`. */
export class ConfigOption extends Option {
  readonly key: string;

  constructor(flags: string, key: string, description: string) {
    super(flags, description);
    this.key = key;
  }
}

/** The options of every command. */
export const commonOptions = (): readonly Option[] => [
  new Option('--config <file>', 'read this file instead of creance.yaml'),
  new ConfigOption('--store <url>', 'store', 'where baselines are kept: memory:, file:DIR or redis://…'),
  new ConfigOption('--log-level <level>', 'log.level', 'least level that is logged'),
  new Option('--set <key=value>', 'set any key of the configuration; may be repeated').argParser(collectPairs),
];

const collectPairs = (text: string, before: readonly string[] = []): readonly string[] => {
  if (!/^[^=]+=/.test(text)) throw new InvalidArgumentError('Write KEY=VALUE.');
  return [...before, text];
};

/**
 * The action of a command that is configured: it gets the settings in force and returns the exit code. Settings that
 * are wrong are told in one message, and the action does not run.
 */
export const withConfig =
  <Args extends readonly unknown[]>(shell: Shell, action: (context: Context, ...args: Args) => Promise<ExitCode>) =>
  async (...args: readonly unknown[]): Promise<void> => {
    const command = args.at(-1) as Command;
    const { config: file } = command.optsWithGlobals<{ config?: string }>();
    const loaded = loadConfig({ file, env: shell.env, flags: flagsOf(command), cwd: shell.cwd });
    if (!loaded.ok) {
      shell.stderr.write(`creance: ${loaded.message}\n`);
      shell.exitCode = EXIT.usage;
      return;
    }
    const { config } = loaded;
    shell.debug = config.log.level === 'debug' || config.log.level === 'trace';
    const log = createLog(config.log, shell.stderr);
    shell.exitCode = await action({ config, loaded, log, signal: shell.signal }, ...(args as unknown as Args));
  };

/** What the command line says of the configuration, `--set` last, so that it overrules. */
const flagsOf = (command: Command) => {
  const family: Command[] = [];
  for (let one: Command | null = command; one; one = one.parent) family.unshift(one);
  const named = family.flatMap((one) =>
    one.options.flatMap((option) => {
      const value: unknown = one.getOptionValue(option.attributeName());
      if (!(option instanceof ConfigOption) || value === undefined) return [];
      return [{ flag: option.long ?? option.flags, key: option.key, value: String(value) }];
    }),
  );
  const { set = [] } = command.optsWithGlobals<{ set?: readonly string[] }>();
  const pairs = set.map((pair) => {
    const [key = '', ...rest] = pair.split('=');
    return { flag: '--set', key, value: rest.join('=') };
  });
  return [...named, ...pairs];
};

/** Ends the help of a command with its exit codes and with examples: command line, then what it does. */
export const helpEnd = (
  examples: readonly (readonly [line: string, meaning: string])[],
  exits: readonly ExitCode[] = [EXIT.ok, EXIT.usage, EXIT.failure],
): string => {
  const codes = exits.map((code) => `  ${code}  ${EXIT_MEANING[code]}`);
  const lines = examples.map(([line, meaning]) => `  # ${meaning}\n  ${line}`);
  return ['', 'Exit codes:', ...codes, '', 'Examples:', ...lines].join('\n');
};
