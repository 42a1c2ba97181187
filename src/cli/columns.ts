import type { Io } from './command.ts';

/** The width of the terminal; undefined when nobody looks at one. */
export const columnsOf = ({ stdout }: Pick<Io, 'stdout'>): number | undefined =>
  stdout.isTTY === true && 'columns' in stdout && typeof stdout.columns === 'number' && stdout.columns > 0
    ? stdout.columns
    : undefined;
