import { z } from 'zod';
import { ACTION_KINDS } from '../model/action.ts';

const regex = z
  .string({ error: 'must be a regular expression in quotes' })
  .min(1, 'must not be empty: it would match everything')
  .transform((source, context) => {
    try {
      return new RegExp(source);
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `is no ${error instanceof Error ? error.message : 'regular expression'}`,
      });
      return z.NEVER;
    }
  });

const conditions = {
  exepath: regex.exactOptional(),
  exe: regex.exactOptional(),
  cmdline: regex.exactOptional(),
  args: regex.exactOptional(),
};

const NEEDS_CONDITION = 'needs at least one condition';
const hasCondition = (value: object): boolean =>
  Object.keys(value).some((key) => key !== 'confidence' && key !== 'note');

const pattern = z
  .strictObject({ ...conditions, marked: z.boolean().exactOptional(), ownSession: z.boolean().exactOptional() })
  .refine(hasCondition, NEEDS_CONDITION);

/** How sure a pattern is that does not say: an executable's path is not taken by chance, a command line may be. */
const SURE = { executable: 0.95, commandLine: 0.7 } as const;

const agentPattern = z
  .strictObject({
    ...conditions,
    confidence: z
      .number('must be a number above 0, up to 1')
      .gt(0, 'must be above 0')
      .max(1, 'must be at most 1')
      .exactOptional(),
    note: z.string().exactOptional(),
  })
  .refine(hasCondition, NEEDS_CONDITION)
  .transform((value) => ({
    ...value,
    confidence: value.confidence ?? (value.exepath ? SURE.executable : SURE.commandLine),
  }));

const call = z.strictObject({
  kind: z.enum(ACTION_KINDS),
  match: pattern,
  command: regex.exactOptional(),
  quoting: z.literal('single').exactOptional(),
  title: z.string().exactOptional(),
});

const variable = z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable');

/** One file of the catalogue. */
export const agentEntry = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/, 'must be made of lower-case letters, digits and dashes'),
    name: z.string().min(1),
    verified: z.boolean(),
    processes: z.array(agentPattern).min(1, 'needs at least one pattern'),
    except: z.array(pattern).default([]),
    marker: variable.exactOptional(),
    markers: z.array(variable).default([]),
    looks: z.array(regex).default([]),
    config: z.array(regex).default([]),
    daemon: pattern.exactOptional(),
    sessionEnv: z.array(variable).default([]),
    unsafeFlags: z.array(z.string()).default([]),
    ownState: z.array(regex).default([]),
    ownReads: z.array(regex).default([]),
    subagents: z.array(regex).default([]),
    calls: z.array(call).default([]),
    housekeeping: z.array(pattern).default([]),
  })
  .transform((entry) => ({
    ...entry,
    markers: [...new Set([...(entry.marker === undefined ? [] : [entry.marker]), ...entry.markers])],
  }));

/** The keys known at a place of the file, for a word that is none of them. */
export const knownKeys = (path: readonly PropertyKey[]): readonly string[] => {
  const [section, , part] = path;
  if (section === undefined) return Object.keys(agentEntry.in.shape);
  if (section === 'processes') return [...Object.keys(conditions), 'confidence', 'note'];
  if (section === 'calls' && part !== 'match') return Object.keys(call.shape);
  return [...Object.keys(conditions), 'marked', 'ownSession'];
};
