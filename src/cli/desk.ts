import { userInfo } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import { type AcceptanceDesk, openDesk } from '../app/acceptance.ts';
import { EXIT, type Shell, withConfig } from './command.ts';

/** The action of a command about incidents; prints what it returns. What only a process's memory holds, no other can accept. */
export const withDesk = <Args extends readonly unknown[]>(
  shell: Shell,
  action: (desk: AcceptanceDesk, ...args: Args) => Promise<string>,
) =>
  withConfig<Args>(shell, async ({ config, log }, ...args) => {
    if (config.store === 'memory:')
      throw new Error('the store is memory:, which ends with its process; name the one of the service with --store');
    const desk = await openDesk(config.store, log);
    try {
      shell.stdout.write(await action(desk, ...args));
      return EXIT.ok;
    } finally {
      await desk.documents.close();
    }
  });

/** What every act of a person is told with. */
export interface ActFlags {
  readonly by?: string;
  readonly reason?: string;
}

export const actOptions = (): readonly Option[] => [
  new Option('--reason <text>', 'why; it stands in the audit journal'),
  new Option('--by <name>', 'who does this; by default the name of this user'),
];

/** Throws where it is not told and this user has no name, as in most containers. */
export const authorOf = ({ by }: ActFlags): string => {
  if (by !== undefined) return by;
  try {
    return userInfo().username;
  } catch {
    throw new Error('this user has no name here: say who does this with --by NAME');
  }
};

const UNITS: Readonly<Record<string, number>> = { h: 1, d: 24, w: 7 * 24 };

/** A length of time as `12h`, `30d` or `4w`, in nanoseconds. */
export const parseTerm = (text: string): bigint => {
  const [, count = '', unit = ''] = /^([1-9]\d{0,4})([hdw])$/.exec(text) ?? [];
  const hours = UNITS[unit];
  if (hours === undefined) throw new InvalidArgumentError('Write a length of time as 12h, 30d or 4w.');
  return BigInt(Number(count) * hours) * 3_600_000_000_000n;
};
