import type { Io } from './command.ts';

/** Colours on a terminal only; https://no-color.org and FORCE_COLOR are heard. */
export const wantsColour = ({ stdout, env }: Pick<Io, 'stdout' | 'env'>): boolean => {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return stdout.isTTY === true && env.TERM !== 'dumb';
};
