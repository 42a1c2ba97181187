import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { NoveltyKind } from './weigh.ts';

const SHIPPED = new URL('../../../rules/priors/', import.meta.url);

export const PRIOR_VERSION = 1;

export const priorFile = z.strictObject({
  creance: z.literal('prior'),
  version: z.literal(PRIOR_VERSION),
  agent: z.string(),
  /** Sessions that it was made of. */
  sessions: z.int().positive(),
  /** In how many of them each element occurred. */
  elements: z.record(z.string(), z.int().positive()),
  /** How often a session showed something, of each kind, that no other had. */
  rates: z.record(z.string(), z.number().min(0).max(1)),
  /** Score of each session against the others, highest first. */
  scores: z.array(z.number().nonnegative()),
});
export type PriorFile = z.infer<typeof priorFile>;

/** What is usual for an agent wherever it works: what a scope starts with before it has learned anything. */
export interface Prior {
  readonly sessions: number;
  readonly rates: Readonly<Partial<Record<NoveltyKind, number>>>;
  readonly scores: readonly number[];
  sessionsWith(element: string): number;
}

export const priorOf = ({ sessions, elements, rates, scores }: PriorFile): Prior => {
  const counts = new Map(Object.entries(elements));
  return { sessions, rates, scores, sessionsWith: (element) => counts.get(element) ?? 0 };
};

/** The shipped prior of an agent, or undefined where none ships. */
export const shippedPrior = (agent: string): Prior | undefined => {
  if (!/^[a-z0-9-]+$/.test(agent)) return undefined;
  const file = fileURLToPath(new URL(`${agent}.json`, SHIPPED));
  return existsSync(file) ? priorOf(priorFile.parse(JSON.parse(readFileSync(file, 'utf8')))) : undefined;
};
