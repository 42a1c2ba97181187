import { z } from 'zod';
import type { Alert } from '../../model/alert.ts';

/** One line of the journal: a newer state of an alert, a sink that is done with it, or that nobody needs it any more. */
export type Line =
  | { readonly put: number; readonly alert: Alert }
  | { readonly done: number; readonly sink: string }
  | { readonly gone: number };

const id = z.int().nonnegative();
const nanos = z
  .string()
  .regex(/^-?\d{1,20}$/)
  .transform(BigInt);
const texts = z.record(z.string(), z.string());
const lineSchema = z.union([
  z.strictObject({
    put: id,
    alert: z.strictObject({
      labels: texts,
      annotations: texts,
      startsAt: nanos,
      endsAt: nanos.optional(),
      generatorURL: z.string().optional(),
      sessions: z.array(z.string()).optional(),
    }),
  }),
  z.strictObject({ done: id, sink: z.string() }),
  z.strictObject({ gone: id }),
]);

/** One line of JSON, its line end included. Moments are written as strings: they are larger than JSON's numbers. */
export const writeLine = (line: Line): string => {
  if (!('put' in line)) return `${JSON.stringify(line)}\n`;
  const { type: _, startsAt, endsAt, ...rest } = line.alert;
  const alert = { ...rest, startsAt: String(startsAt), ...(endsAt !== undefined && { endsAt: String(endsAt) }) };
  return `${JSON.stringify({ put: line.put, alert })}\n`;
};

/** Undefined for what is no line of a journal. */
export const readLine = (text: string): Line | undefined => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { success, data } = lineSchema.safeParse(json);
  if (!success) return undefined;
  if (!('alert' in data)) return data;
  const { endsAt, generatorURL, sessions, ...rest } = data.alert;
  const alert: Alert = {
    type: 'alert',
    ...rest,
    ...(endsAt !== undefined && { endsAt }),
    ...(generatorURL !== undefined && { generatorURL }),
    ...(sessions !== undefined && { sessions }),
  };
  return { put: data.put, alert };
};
