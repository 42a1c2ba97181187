import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { ACTION_KINDS } from '../model/action.ts';
import type { AgentSpec } from '../model/catalogue.ts';

const SHIPPED = fileURLToPath(new URL('../../rules/agents/', import.meta.url));

const regex = z.string().transform((source, context) => {
  try {
    return new RegExp(source);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'not a regular expression' });
    return z.NEVER;
  }
});

const pattern = z
  .strictObject({
    exepath: regex.exactOptional(),
    exe: regex.exactOptional(),
    cmdline: regex.exactOptional(),
    marked: z.boolean().exactOptional(),
    ownSession: z.boolean().exactOptional(),
  })
  .refine((value) => Object.keys(value).length > 0, 'a pattern needs at least one condition');

const call = z.strictObject({
  kind: z.enum(ACTION_KINDS),
  match: pattern,
  command: regex.exactOptional(),
  quoting: z.literal('single').exactOptional(),
  title: z.string().exactOptional(),
});

const entry = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and dashes'),
  name: z.string().min(1),
  verified: z.boolean(),
  processes: z.array(pattern).min(1),
  except: z.array(pattern).default([]),
  marker: z.string().exactOptional(),
  unsafeFlags: z.array(z.string()).default([]),
  ownState: z.array(regex).default([]),
  ownReads: z.array(regex).default([]),
  calls: z.array(call).default([]),
  housekeeping: z.array(pattern).default([]),
});

/** Reads the shipped catalogue and the user's files over it. Throws an Error that names the file and what is wrong in it. */
export const loadCatalogue = (files: readonly string[] = []): readonly AgentSpec[] => {
  const shipped = readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(SHIPPED, name));
  const specs = new Map<string, AgentSpec>();
  for (const file of [...shipped, ...files]) {
    const spec = readEntry(file);
    specs.set(spec.id, spec);
  }
  return [...specs.values()];
};

const readEntry = (file: string): AgentSpec => {
  let document: unknown;
  try {
    document = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`agent catalogue ${file}: ${error instanceof Error ? error.message : error}`);
  }
  const result = entry.safeParse(document);
  if (!result.success) throw new Error(`agent catalogue ${file}:\n${z.prettifyError(result.error)}`);
  return result.data;
};
