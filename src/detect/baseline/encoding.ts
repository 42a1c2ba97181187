import { z } from 'zod';
import { PROFILE_VERSION, type SessionProfile, sessionProfile } from './profile.ts';

/** Reads a stored profile, whatever version wrote it, or says in words why it is none. */
export const readProfile = (text: string): { profile: SessionProfile } | { problem: string } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is torn or no JSON' };
  }
  return toProfile(value);
};

export const toProfile = (value: unknown): { profile: SessionProfile } | { problem: string } => {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > PROFILE_VERSION)
    return {
      problem: `it was written by a newer creance (encoding ${version}, this one reads up to ${PROFILE_VERSION})`,
    };
  const result = sessionProfile.safeParse(version === 1 ? migrate(value) : value);
  if (!result.success) return { problem: z.prettifyError(result.error) };
  const { names, shapes, path } = result.data;
  if (shapes.some((shape) => shape.some((at) => at >= names.length)) || path.some((at) => at >= shapes.length))
    return { problem: 'it points to names that it does not hold' };
  return { profile: result.data };
};

const first = z.looseObject({ elements: z.record(z.string(), z.int().positive()) });

/** Version 1 counted elements and forgot which action had them, and in which order. */
const migrate = (value: unknown): unknown => {
  const old = first.safeParse(value);
  if (!old.success) return value;
  const { elements, transitions: _, actions: __, ...rest } = old.data;
  const names = Object.keys(elements).sort();
  return { ...rest, version: PROFILE_VERSION, names, shapes: names.map((_, at) => [at]), path: [] };
};
