import { z } from 'zod';
import type { Alert } from '../../model/alert.ts';
import { alertRecord, toRecord } from '../alert-record.ts';
import type { Change, Kept } from './kept.ts';

/** One line of a spool: a newer state of an alert, a sink that is done with it, or that nobody needs it any more. */
export type Line =
  | { readonly put: number; readonly alert: Alert }
  | { readonly done: number; readonly sink: string }
  | { readonly gone: number };

const id = z.int().nonnegative();
const lineSchema = z.union([
  z.strictObject({ put: id, alert: alertRecord }),
  z.strictObject({ done: id, sink: z.string() }),
  z.strictObject({ gone: id }),
]);

/** One line of JSON, its line end included. */
export const writeLine = (line: Line): string =>
  `${JSON.stringify('alert' in line ? { ...line, alert: toRecord(line.alert) } : line)}\n`;

/** The line that tells of a change. */
export const writeChange = (change: Change): string => {
  const { kind, kept } = change;
  if (kind === 'done') return writeLine({ done: kept.id, sink: change.sink });
  return writeLine(kind === 'gone' ? { gone: kept.id } : { put: kept.id, alert: kept.alert });
};

/** The fewest lines that tell all of an entry. */
export const writeKept = ({ id, alert, done }: Kept): string =>
  [writeLine({ put: id, alert }), ...[...done].map((sink) => writeLine({ done: id, sink }))].join('');

/** Undefined for what is no line of a spool. */
export const readLine = (text: string): Line | undefined => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  return lineSchema.safeParse(json).data;
};

/** The entry that a line is about: entries of one process have rising ids. */
export const idOf = (line: Line): number => {
  if ('put' in line) return line.put;
  return 'gone' in line ? line.gone : line.done;
};
