import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

/** What a whole process took, from its start to its end. */
export interface Usage {
  readonly cpuMicros: number;
  readonly peakBytes: number;
  readonly wallMicros: number;
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const USAGE = new URL('./usage.mjs', import.meta.url).href;

/** Runs the built program to its end; `input` goes to its standard input. Its output is thrown away. */
export const runCreance = async (
  args: readonly string[],
  input?: Iterable<string>,
  onStart: (pid: number) => void = () => {},
): Promise<Usage> => {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, ['--import', USAGE, MAIN, ...args], {
    stdio: [input ? 'pipe' : 'ignore', 'ignore', 'inherit', 'pipe'],
  });
  const exited = once(child, 'exit');
  onStart(child.pid as number);
  const told = text(child.stdio[3] as Readable);
  if (input && child.stdin) await pipeline(Readable.from(input), child.stdin);
  const [code] = await exited;
  if (code !== 0) throw new Error(`creance ${args.join(' ')} ended with ${code}`);
  return { ...JSON.parse(await told), wallMicros: Number(process.hrtime.bigint() - start) / 1_000 };
};
