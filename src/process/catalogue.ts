import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { AgentSpec } from '../model/catalogue.ts';
import { errorMessage } from '../platform/error-message.ts';
import { parseSettingsFile, type SettingsFile } from '../platform/settings-file.ts';
import { nearest } from '../platform/settings-nearest.ts';
import { describeOrigin, type Problem } from '../platform/settings-problem.ts';
import { agentEntry, knownKeys } from './schema.ts';

const SHIPPED = fileURLToPath(new URL('../../rules/agents/', import.meta.url));

/**
 * Reads the shipped catalogue and the user's files over it: an entry with a known id replaces that. Throws an Error with
 * one line for each thing that is wrong: file, line, column, and what to do.
 */
export const loadCatalogue = (files: readonly string[] = []): readonly AgentSpec[] => {
  const shipped = readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(SHIPPED, name));
  const specs = new Map<string, AgentSpec>();
  const problems: Problem[] = [];
  for (const file of [...shipped, ...files]) {
    const spec = readEntry(file, problems);
    if (spec) specs.set(spec.id, spec);
  }
  if (problems.length > 0) throw new Error(catalogueMessage(problems));
  return [...specs.values()];
};

/** Reads one entry from text; `name` is for messages. Undefined when it is wrong, which `problems` then tell. */
export const parseEntry = (name: string, text: string, problems: Problem[]): AgentSpec | undefined => {
  const file = parseSettingsFile(name, text);
  if (file.problems.length > 0) {
    problems.push(...file.problems);
    return undefined;
  }
  const result = agentEntry.safeParse(file.values);
  if (result.success) return result.data;
  for (const issue of result.error.issues) problems.push(...toProblems(issue, file));
  return undefined;
};

const readEntry = (file: string, problems: Problem[]): AgentSpec | undefined => {
  try {
    return parseEntry(file, readFileSync(file, 'utf8'), problems);
  } catch (error) {
    problems.push({ text: `${file} cannot be read: ${errorMessage(error)}` });
    return undefined;
  }
};

const toProblems = (issue: z.core.$ZodIssue, file: SettingsFile): readonly Problem[] => {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const known = knownKeys(path);
      const near = nearest(key, known);
      const hint = near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${near}?`;
      return { origin: file.locate([...path, key], 'key'), text: `${key} is not a known key; ${hint}` };
    });
  const missing = issue.code === 'invalid_type' && valueAt(file.values, path) === undefined;
  const where = describePath(path);
  const text = missing ? `${where} is missing; add it` : `${where} ${issue.message}`;
  return [{ origin: file.locate(path), text }];
};

/** `processes[0].exepath`. */
const describePath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}${text && '.'}${String(step)}`),
    '',
  );

const valueAt = (values: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((holder, step) => (holder as Record<PropertyKey, unknown> | undefined)?.[step], values);

const catalogueMessage = (problems: readonly Problem[]): string =>
  [
    `the catalogue of agents has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:`,
    ...problems.map(({ origin, text }) => `  ${origin ? `${describeOrigin(origin)}: ` : ''}${text}`),
  ].join('\n');
