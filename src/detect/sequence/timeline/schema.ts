import { z } from 'zod';
import { ACTION_KINDS } from '../../../model/action.ts';
import { PRIORITIES } from '../../../model/event.ts';
import { GAP_CAUSES } from '../../../model/flow.ts';
import { STARTERS } from '../../../model/session.ts';

const list = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** One thing that happens in a timeline: a command, an edit, a read by the agent itself, or a gap. */
export const timelineStep = z.strictObject({
  run: z.string().optional().describe('A command that the model had run.'),
  script: z.string().optional().describe('A child that the agent started without the model: a hook or a server.'),
  edit: z.string().optional().describe('A file that the agent itself wrote.'),
  read: z.string().optional().describe('A file that the agent itself read.'),
  own: z.string().optional().describe('What the agent did for itself.'),
  gap: z.enum(GAP_CAUSES).optional().describe('Events were lost.'),
  lost: z.int().optional(),
  kind: z.enum(ACTION_KINDS).optional(),
  family: list.optional(),
  programs: list.optional(),
  reads: list.optional(),
  writes: list.optional(),
  deletes: list.optional(),
  executes: list.optional(),
  chmod: list.optional().describe('Files that were made executable.'),
  connects: list.optional().describe('ADDRESS:PORT.'),
  model: list.optional().describe('ADDRESS:PORT of the agent’s model.'),
  listens: list.optional(),
  calls: list.optional().describe('Calls such as ptrace.'),
  shellOnSocket: z.boolean().optional(),
  novel: list.optional().describe('What the baseline has never seen.'),
  falco: z
    .strictObject({ rule: z.string(), priority: z.enum(PRIORITIES), tags: z.array(z.string()).default([]) })
    .optional()
    .describe('Another Falco rule that fired.'),
  after: z
    .string()
    .regex(/^[1-9]\d*[smhd]$/, 'must be a number with s, m, h or d, such as 30m')
    .optional()
    .describe('How long after the step before.'),
});

/** A short session, and whether the rule must match in it. */
export const timeline = z.strictObject({
  name: z.string().min(1),
  expect: z.enum(['match', 'quiet']),
  session: z
    .strictObject({
      agent: z.string().optional(),
      flags: list.optional().describe('Flags of the agent’s command line that switch its safety off.'),
      startedBy: z.enum(STARTERS).optional(),
    })
    .optional(),
  steps: z.array(timelineStep).min(1),
});
