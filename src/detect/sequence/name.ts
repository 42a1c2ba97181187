import { nearest } from '../../platform/settings-nearest.ts';

/** Known names that a message lists in full; of more only the nearest is told. */
const MAX_LISTED = 12;

/** The message for a name that is not known. */
export const unknownName = (what: string, name: unknown, known: readonly string[]): string => {
  const told = name === undefined ? '' : ` ${JSON.stringify(name)}`;
  const near = typeof name === 'string' ? nearest(name, known) : undefined;
  if (near !== undefined) return `unknown ${what}${told}; did you mean ${near}?`;
  return `unknown ${what}${told}${known.length > 0 && known.length <= MAX_LISTED ? `; known: ${known.join(', ')}` : ''}`;
};
