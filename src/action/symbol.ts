import type { ActionKind, Effects } from '../model/action.ts';
import { marksOf } from '../model/marks.ts';

const MAX_FAMILIES = 4;

/** Marks that come and go with what was cached or built before, and say nothing of what an action is. */
const FLEETING_MARKS = new Set(['writes temp']);

/**
 * The abstract, comparable name of an action: kind, command families or file class, then the marks of what it touched
 * beyond the ordinary. Two actions that a person would call the same have the same symbol, whatever the names and numbers.
 */
export const symbolOf = (kind: ActionKind, subjects: readonly string[], effects: Effects): string => {
  const distinct = [...new Set(subjects)];
  const more = distinct.length > MAX_FAMILIES ? '+…' : '';
  const subject = `${distinct.slice(0, MAX_FAMILIES).join('+')}${more}`;
  return [`${kind}:${subject}`, ...marksOf(effects).filter((mark) => !FLEETING_MARKS.has(mark))].join(' ');
};

/** The subject of an action on one file: its class, and its kind of file by extension. */
export const fileSubject = (path: string, name: string): string => {
  const extension = /[^/.][^/]*\.([a-z][a-z0-9]{0,5})$/i.exec(path)?.[1];
  return extension && name === 'workspace' ? `${name}/${extension.toLowerCase()}` : name;
};
