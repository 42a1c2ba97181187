import { z } from 'zod';
import { SEVERITIES, type Severity } from '../../model/verdict.ts';
import { CORRELATIONS } from './definition.ts';
import { timeline, timelineStep } from './timeline/schema.ts';

/** Names of levels as Sigma has them, for rules that come from there. */
const SIGMA_LEVELS: Readonly<Record<string, Severity>> = {
  informational: 'info',
  low: 'notice',
  medium: 'warning',
  high: 'error',
};
const level = z
  .enum([...SEVERITIES, 'informational', 'low', 'medium', 'high'])
  .transform((name) => SIGMA_LEVELS[name] ?? (name as Severity));

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be lower-case letters, digits, dashes and underscores');
const names = z.array(name).min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be text, a number, true or false');

/** Conditions by fact and modifier, as `writes.path|endswith`; which facts there are is looked at later. */
export interface ClauseText {
  readonly [key: string]:
    | z.infer<typeof scalar>
    | readonly z.infer<typeof scalar>[]
    | ClauseText
    | readonly ClauseText[];
}
const clause: z.ZodType<ClauseText> = z.lazy(() =>
  z.record(z.string(), z.union([scalar, z.array(scalar).min(1), clause, z.array(clause).min(1)])),
);

const correlation = z.strictObject({
  type: z.enum(CORRELATIONS),
  rules: names.optional(),
  unless: names.optional(),
  aliases: z.record(name, z.record(name, z.string())).optional(),
  'group-by': z.array(z.string()).min(1).optional(),
  timespan: z
    .string()
    .regex(/^[1-9]\d*[smhd]$/, 'must be a number with s, m, h or d, such as 30m')
    .optional(),
  within: z.int().min(1).optional(),
  condition: z
    .strictObject({ gte: z.int().min(1).optional(), gt: z.int().min(0).optional(), field: z.string().optional() })
    .optional(),
});
export type CorrelationText = z.infer<typeof correlation>;

/** A rule as it is written. */
export const ruleText = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and dashes'),
  title: z.string().min(1),
  description: z.string().min(1),
  level,
  tags: z.array(z.string()).default([]),
  covers: z.array(z.string().regex(/^T\d\d$/, 'must be a class such as T01')).default([]),
  falsepositives: z.array(z.string()).default([]),
  housekeeping: z.boolean().default(false),
  once: z.boolean().default(false),
  detection: z.record(name, z.union([clause, z.array(clause).min(1)])),
  correlation: correlation.optional(),
  tests: z.array(timeline).default([]),
});
export type RuleText = z.infer<typeof ruleText>;

/** The keys of each mapping, by the pattern of its place, for messages. */
export const KNOWN_KEYS: readonly (readonly [place: RegExp, keys: readonly string[]])[] = [
  [/^$/, Object.keys(ruleText.shape)],
  [/^correlation$/, Object.keys(correlation.shape)],
  [/^correlation\.condition$/, ['gte', 'gt', 'field']],
  [/^tests\.\d+$/, Object.keys(timeline.shape)],
  [/^tests\.\d+\.steps\.\d+$/, Object.keys(timelineStep.shape)],
];
