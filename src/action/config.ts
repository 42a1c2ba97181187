import { z } from 'zod';

const millis = (fallback: number, text: string) =>
  z.int().positive().default(fallback).describe(`${text} In milliseconds.`);

export const actionConfig = z
  .strictObject({
    fileQuietMs: millis(
      90,
      'What the agent itself does to one file is one action until the file has been quiet this long.',
    ),
    branchGraceMs: millis(
      150,
      'How long after the exit of a call’s top process its children’s last events still belong to it.',
    ),
    branchQuietMs: millis(
      10_000,
      'A call whose exit was lost ends after this long without an event, once another has begun.',
    ),
    housekeepingQuietMs: millis(1_000, 'The agent’s own housekeeping is one action until it has been quiet this long.'),
    maxEvents: z.int().positive().default(4_096).describe('Event numbers kept with an action; all are counted.'),
    maxOpen: z
      .int()
      .positive()
      .default(256)
      .describe('Actions of one session open at once; beyond it the oldest is closed.'),
  })
  .prefault({})
  .describe('How events are grouped into actions.');
export type ActionConfig = z.infer<typeof actionConfig>;
