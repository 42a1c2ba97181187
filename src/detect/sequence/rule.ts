import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { ACTION_KINDS } from '../../model/action.ts';
import { SEVERITIES } from '../../model/verdict.ts';

const SHIPPED = fileURLToPath(new URL('../../../rules/sequences/', import.meta.url));

const NETWORKS = ['loopback', 'link-local', 'private', 'public'] as const;

/** A class of paths, or a family of them with a trailing `*`. */
const pathClasses = z.array(z.string().regex(/^[a-z][a-z-]*(:([a-z-]+|\*))?$/)).min(1);

/** A condition on one action. All parts that are given must hold; of a list, one entry. */
const step = z
  .strictObject({
    kind: z.array(z.enum(ACTION_KINDS)).exactOptional(),
    reads: pathClasses.exactOptional(),
    writes: pathClasses.exactOptional(),
    deletes: pathClasses.exactOptional(),
    executes: pathClasses.exactOptional(),
    connects: z.array(z.enum(NETWORKS)).min(1).exactOptional(),
    programs: z.array(z.string()).min(1).exactOptional(),
    shellOnSocket: z.literal(true).exactOptional(),
  })
  .refine((value) => Object.keys(value).length > 0, 'a step needs at least one condition');
export type SequenceStep = z.infer<typeof step>;

const sequenceRule = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and dashes'),
  title: z.string().min(1),
  description: z.string().min(1),
  level: z.enum(SEVERITIES),
  tags: z.array(z.string()).default([]),
  falsepositives: z.array(z.string()).default([]),
  /** Seconds from the first step's action to the last's. */
  timespanSeconds: z.int().positive().default(3_600),
  /** The agent's own housekeeping matches too; else it is left out. */
  housekeeping: z.boolean().default(false),
  /** In this order; one action may be several steps at once. */
  steps: z.array(step).min(1).max(8),
});
export type SequenceRule = z.infer<typeof sequenceRule>;

/** Reads the shipped rules and the user's files over them. Throws an Error that names the file and what is wrong in it. */
export const loadSequenceRules = (files: readonly string[] = []): readonly SequenceRule[] => {
  const shipped = readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(SHIPPED, name));
  const rules = new Map<string, SequenceRule>();
  for (const file of [...shipped, ...files]) {
    const rule = readRule(file);
    rules.set(rule.id, rule);
  }
  return [...rules.values()];
};

const readRule = (file: string): SequenceRule => {
  let document: unknown;
  try {
    document = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`sequence rule ${file}: ${error instanceof Error ? error.message : error}`);
  }
  const result = sequenceRule.safeParse(document);
  if (!result.success) throw new Error(`sequence rule ${file}:\n${z.prettifyError(result.error)}`);
  return result.data;
};
