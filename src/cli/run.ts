import { Command, CommanderError } from 'commander';
import { listenForStop } from '../platform/lifecycle.ts';
import { redact } from '../platform/redact.ts';
import { yieldTurn } from '../platform/turn.ts';
import { version } from '../platform/version.ts';
import { registerAccept } from './accept.ts';
import { registerAccepted } from './accepted.ts';
import { registerAgents } from './agents.ts';
import { registerBaseline } from './baseline.ts';
import { commonOptions, EXIT, type ExitCode, type Io, type Register, type Shell } from './command.ts';
import { registerConfig } from './config.ts';
import { registerDoctor } from './doctor.ts';
import { registerExplain } from './explain.ts';
import { registerIncidents } from './incidents.ts';
import { registerLearn } from './learn.ts';
import { registerReplay } from './replay.ts';
import { registerRevoke } from './revoke.ts';
import { registerRules } from './rules.ts';
import { registerSelftest } from './selftest.ts';
import { registerTune } from './tune.ts';
import { registerVerdict } from './verdict.ts';
import { registerWatch } from './watch.ts';

/** Every command, in the order of the help. */
const COMMANDS: readonly Register[] = [
  registerWatch,
  registerReplay,
  registerVerdict,
  registerLearn,
  registerBaseline,
  registerIncidents,
  registerAccept,
  registerAccepted,
  registerRevoke,
  registerExplain,
  registerTune,
  registerAgents,
  registerRules,
  registerSelftest,
  registerConfig,
  registerDoctor,
];

/** Runs one command line, `argv` without the program's name, to its exit code. Never rejects. */
export const run = async (argv: readonly string[], io: Io, commands = COMMANDS): Promise<ExitCode> => {
  const { signal, stop, dispose } = listenForStop(io.signals, io.exit);
  const shell: Shell = { ...io, signal, exitCode: EXIT.ok, debug: false };
  let broken: NodeJS.ErrnoException | undefined;
  const onOutputError = (error: NodeJS.ErrnoException) => {
    broken ??= error;
    stop('standard output is closed');
  };
  io.stdout.on('error', onOutputError);
  try {
    await createProgram(shell, commands).parseAsync(argv, { from: 'user' });
    await flushed(io.stdout);
    if (broken && broken.code !== 'EPIPE') throw broken;
    // The reader of a pipe has seen enough: that is no failure, whatever the command makes of it.
    return broken ? EXIT.ok : shell.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    io.stderr.write(failureText(error, shell.debug));
    return EXIT.failure;
  } finally {
    io.stdout.off('error', onOutputError);
    dispose();
  }
};

/** Waits for what was written to be taken or refused: a full disk must not pass for success. */
const flushed = async (output: NodeJS.WritableStream): Promise<void> => {
  await new Promise<void>((resolve) => output.write('', () => resolve()));
  await yieldTurn();
};

const createProgram = (shell: Shell, commands: readonly Register[]): Command => {
  const program = new Command('creance')
    .description(
      'Learns how AI coding agents work in a repository from what Falco sees, and alerts when one leaves that.',
    )
    .version(version())
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, 'creance:')),
    })
    .exitOverride();
  for (const option of commonOptions()) program.addOption(option);
  for (const register of commands) register(program, shell);
  return program;
};

/** One line without control characters or secrets; the stack too for those who debug. */
export const failureText = (error: unknown, debug = false): string => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const line = redact(message).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
  return `creance: ${line}\n${debug && stack ? `${redact(stack)}\n` : ''}`;
};
