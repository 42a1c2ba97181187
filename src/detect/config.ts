import { z } from 'zod';
import { PRIORITIES } from '../model/event.ts';

export const detectConfig = z
  .strictObject({
    baseline: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Hold sessions against the baseline of their scope.'),
        knownAfter: z.int().positive().default(2).describe('Distinct sessions after which something counts as known.'),
        readyAfter: z
          .int()
          .positive()
          .default(3)
          .describe('Sessions of a scope before what is merely new in it is an alert.'),
        maxSessions: z
          .int()
          .positive()
          .default(500)
          .describe('Sessions kept for each scope; the oldest are forgotten.'),
      })
      .prefault({})
      .describe('The learned baseline.'),
    sequence: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Look for the known-bad sequences of rules/sequences.'),
        rules: z
          .array(z.string())
          .default([])
          .describe('Files of rules that add to the shipped ones, or replace one by its id.'),
      })
      .prefault({})
      .describe('Known-bad sequences of actions.'),
    falco: z
      .strictObject({
        minPriority: z
          .enum(PRIORITIES)
          .default('warning')
          .describe('Least priority at which an alert of another Falco rule inside a session is a finding by itself.'),
      })
      .prefault({})
      .describe('Alerts of other Falco rules that fall into a session.'),
    learn: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Let clean sessions join the baseline of their scope.'),
      })
      .prefault({})
      .describe('What the baseline learns from.'),
  })
  .prefault({})
  .describe('What is usual and what is allowed.');
export type DetectConfig = z.infer<typeof detectConfig>;
