import { z } from 'zod';
import { type SessionProfile, sessionProfile } from './profile.ts';

const document = z.strictObject({
  creance: z.literal('baseline'),
  version: z.literal(1),
  sessions: z.array(sessionProfile),
});

/** All sessions as one document, in an order of their own, so that two exports of the same are equal. */
export const exportProfiles = (profiles: readonly SessionProfile[]): string => {
  const sessions = profiles.toSorted((a, b) => (a.session < b.session ? -1 : a.session > b.session ? 1 : 0));
  return `${JSON.stringify({ creance: 'baseline', version: 1, sessions }, null, 1)}\n`;
};

/** @throws an Error that names the document and what is wrong in it. */
export const readExport = (text: string, name: string): readonly SessionProfile[] => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is no JSON document: ${error instanceof Error ? error.message : error}`);
  }
  const result = document.safeParse(value);
  if (!result.success) throw new Error(`${name} is no exported baseline: ${z.prettifyError(result.error)}`);
  return result.data.sessions;
};
