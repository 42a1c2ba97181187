import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import {
  type Context,
  EXIT,
  type ExitCode,
  helpEnd,
  type Io,
  type Register,
  withConfig,
} from '../../src/cli/command.ts';
import { run } from '../../src/cli/run.ts';
import { capture } from './capture.ts';

/** `creance probe [word] [--loud]`, which does what the test says. */
const probe =
  (action: (context: Context, word: string | undefined, options: { loud?: boolean }) => Promise<ExitCode>): Register =>
  (program, shell) => {
    program
      .command('probe')
      .argument('[word]')
      .option('--loud')
      .addHelpText('after', helpEnd([['creance probe', 'looks']], [EXIT.ok, EXIT.findings]))
      .action(withConfig(shell, action));
  };

const idle = probe(async () => EXIT.ok);

const creance = async (line: string, command: Register = idle, io: Partial<Io> = {}) => {
  const captured = capture(io);
  const code = await run(line === '' ? [] : line.split(' '), captured.io, [command]);
  return { code, ...captured.written };
};

describe('exit codes', () => {
  test('are what the command returns', async () => {
    expect((await creance('probe')).code).toBe(0);
    expect(
      (
        await creance(
          'probe',
          probe(async () => EXIT.findings),
        )
      ).code,
    ).toBe(1);
  });

  test.each(['--help', '--version', 'probe --help', 'help probe'])('0 for %s', async (line) => {
    expect(await creance(line)).toMatchObject({ code: 0, err: '' });
  });

  test.each(['', 'prob', 'probe --nope', 'probe a b', '--config', 'probe --set log.level'])(
    '2 for "%s"',
    async (line) => {
      const { code, out, err } = await creance(line);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^(creance: |Usage: )/);
    },
  );

  test('3 for a failure, told in one line without secrets', async () => {
    const fails = probe(async () => {
      throw new Error('no\n\u001b[31mway: password=hunter2');
    });
    expect(await creance('probe', fails)).toEqual({
      code: 3,
      out: '',
      err: 'creance: no [31mway: password=[redacted]\n',
      exits: [],
    });
  });

  test('the stack is for those who debug', async () => {
    const fails = probe(async () => {
      throw new Error('no way');
    });
    expect((await creance('probe --log-level debug', fails)).err).toMatch(/^creance: no way\nError: no way\n {4}at /);
  });
});

test('an action gets the configuration, the log, its arguments and options', async () => {
  const seen: unknown[] = [];
  const looks = probe(async ({ config, loaded, log }, word, { loud }) => {
    seen.push(config.log.level, loaded.origins.get('log.level'), word, loud);
    log.warn('hello');
    return EXIT.ok;
  });
  const { err } = await creance('probe it --loud --set log.level=warn', looks);
  expect(seen).toEqual(['warn', { kind: 'flag', name: '--set' }, 'it', true]);
  expect(JSON.parse(err)).toMatchObject({ level: 40, msg: 'hello' });
});

test('wrong settings keep an action from running', async () => {
  const { code, err } = await creance(
    'probe --log-level loud',
    probe(async () => {
      throw new Error('ran');
    }),
  );
  expect([code, err.split('\n')[0]]).toEqual([2, 'creance: the configuration has a problem:']);
});

test('the help ends with exit codes and examples', async () => {
  const { out } = await creance('probe --help');
  expect(out.slice(out.indexOf('Exit codes'))).toMatchInlineSnapshot(`
    "Exit codes:
      0  fine
      1  findings at or above --fail-on

    Examples:
      # looks
      creance probe
    "
  `);
  expect(out).toContain('--set <key=value>');
});

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('a stop', () => {
  test('the first signal aborts, the second ends the process', async () => {
    const captured = capture();
    const waits = probe(async ({ signal }) => {
      captured.signals.emit('SIGTERM');
      expect(signal.reason).toBe('SIGTERM');
      captured.signals.emit('SIGINT');
      return EXIT.ok;
    });
    expect(await run(['probe'], captured.io, [waits])).toBe(0);
    expect(captured.written.exits).toEqual([130]);
    expect(captured.signals.eventNames()).toEqual([]);
  });

  const closedPipe = (code: string) =>
    new Writable({ write: (_chunk, _, done) => done(Object.assign(new Error('write failed'), { code })) });

  test('a command that has already ended does not hide that its output was refused', async () => {
    const stdout = closedPipe('ENOSPC');
    const writes = probe(async () => {
      stdout.write('a line\n');
      return EXIT.ok;
    });
    expect(await creance('probe', writes, { stdout })).toMatchObject({ code: 3, err: 'creance: write failed\n' });
  });

  test.each([
    ['EPIPE', 0],
    ['ENOSPC', 3],
  ])('of the output: %s ends with %i', async (code, exit) => {
    const stdout = closedPipe(code);
    const writes = probe(async ({ signal }) => {
      const aborted = untilAborted(signal);
      stdout.write('a line\n');
      await aborted;
      return EXIT.findings;
    });
    expect((await creance('probe', writes, { stdout })).code).toBe(exit);
  });
});
