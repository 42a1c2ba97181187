import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import type { Io } from '../../src/cli/command.ts';

/** An outside for commands that keeps what they write, and whose signals a test sends with `signals.emit`. */
export const capture = (io: Partial<Io> = {}) => {
  const written = { out: '', err: '', exits: [] as number[] };
  const into = (key: 'out' | 'err') =>
    new Writable({
      write(chunk, _, done) {
        written[key] += chunk;
        done();
      },
    });
  const signals = new EventEmitter();
  return {
    written,
    signals,
    io: {
      stdout: into('out'),
      stderr: into('err'),
      env: { HOME: '/nowhere' },
      cwd: import.meta.dirname,
      signals,
      exit: (code: number) => written.exits.push(code),
      ...io,
    } satisfies Io,
  };
};
