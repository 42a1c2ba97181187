#!/usr/bin/env node
import { EXIT } from './cli/command.ts';
import { failureText, run } from './cli/run.ts';

const { stdout, stderr, env } = process;

process.on('uncaughtException', (error) => {
  stderr.write(failureText(error));
  process.exit(EXIT.failure);
});

// Exits rather than waiting for what is still open: a part that would not close must not keep the process.
process.exit(
  await run(process.argv.slice(2), {
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    signals: process,
    exit: (code) => process.exit(code),
  }),
);
