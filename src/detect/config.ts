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
        falseAlertsPerSession: z
          .number()
          .min(0.0001)
          .max(0.5)
          .default(0.01)
          .describe(
            'False alerts of the baseline that are put up with, per session: 0.01 is one in a hundred sessions.',
          ),
        staleAfterDays: z
          .int()
          .positive()
          .default(30)
          .describe('Days without a learned session after which a baseline is called stale.'),
        forgetAfterDays: z
          .int()
          .positive()
          .default(180)
          .describe('Days after which a learned session no longer counts, reckoned from the latest of its scope.'),
        maxBytes: z
          .int()
          .min(100_000)
          .default(4_000_000)
          .describe('Bytes that the sessions of one scope may take; those that add least are forgotten.'),
        maxScopes: z
          .int()
          .positive()
          .default(5_000)
          .describe(
            'Scopes (repository, workflow, job, agent) that may have a baseline; further ones are not learned.',
          ),
        maxSessions: z
          .int()
          .positive()
          .default(500)
          .describe('Sessions kept for each scope; those that add least are forgotten.'),
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
        trustedEvents: z
          .array(z.string())
          .default(['push', 'schedule', 'workflow_dispatch', 'merge_group', 'release', 'web', 'api', 'trigger'])
          .describe(
            'What may have set off a job whose sessions are learned; `*` for anything. Sessions of others, such as pull requests, wait for a person. A session that tells nothing is not held back.',
          ),
        trustedRefs: z
          .array(z.string())
          .default(['*'])
          .describe('Refs whose sessions are learned; `*` stands for any text. Pull requests’ own refs never are.'),
        maxNewPerSession: z
          .int()
          .positive()
          .default(150)
          .describe(
            'Elements that one session may add to a baseline that has learned before; further ones wait for the next.',
          ),
        maxPending: z
          .int()
          .positive()
          .default(200)
          .describe('Sessions of a scope that one process sets aside for a person; beyond it they are dropped.'),
      })
      .prefault({})
      .describe('What the baseline learns from.'),
  })
  .prefault({})
  .describe('What is usual and what is allowed.');
export type DetectConfig = z.infer<typeof detectConfig>;
