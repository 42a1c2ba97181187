import { z } from 'zod';
import { PROFILE_VERSION, type SessionProfile, sessionProfile } from './profile.ts';

/** Reads a stored profile, or says in words why it is none. */
export const readProfile = (text: string): { profile: SessionProfile } | { problem: string } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is torn or no JSON' };
  }
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > PROFILE_VERSION)
    return {
      problem: `it was written by a newer creance (encoding ${version}, this one reads up to ${PROFILE_VERSION})`,
    };
  const result = sessionProfile.safeParse(value);
  return result.success ? { profile: result.data } : { problem: z.prettifyError(result.error) };
};
