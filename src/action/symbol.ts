import type { ActionKind, Effects } from '../model/action.ts';
import { marksOf } from '../model/marks.ts';

const MAX_FAMILIES = 4;

/**
 * The abstract, comparable name of an action: kind, command families or file class, then the marks of what it touched
 * beyond the ordinary. Two actions that a person would call the same have the same symbol, whatever the names and numbers.
 */
export const symbolOf = (kind: ActionKind, subjects: readonly string[], effects: Effects): string => {
  const subject = [...new Set(subjects)].slice(0, MAX_FAMILIES).join('+');
  return [`${kind}:${subject}`, ...marksOf(effects)].join(' ');
};

/** The subject of an action on one file: its class, and its kind of file by extension. */
export const fileSubject = (path: string, name: string): string => {
  const extension = /[^/.][^/]*\.([a-z0-9]{1,8})$/i.exec(path)?.[1];
  return extension && name === 'workspace' ? `${name}/${extension.toLowerCase()}` : name;
};
