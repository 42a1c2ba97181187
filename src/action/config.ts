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
    previewMs: millis(
      2_000,
      'A call that has done something telling (a secret, a connection, a foothold) and goes on is judged this long after, before it ends.',
    ),
    housekeepingQuietMs: millis(1_000, 'The agent’s own housekeeping is one action until it has been quiet this long.'),
    startMs: millis(
      3_000,
      'How long after its first connection an agent that has run no command may still be connecting on its own account.',
    ),
    serverQuietMs: millis(2_000, 'One call of a tool server (MCP) ends when the server has been quiet this long.'),
    backgroundSliceMs: millis(
      60_000,
      'What runs on in the background without a pause is told in actions of this length.',
    ),
    probeMs: millis(
      80,
      'A look of the agent at a file belongs to the command that names the file, when so little time lies between them.',
    ),
    repeatMs: millis(250, 'A helper started again with the same task after so short a time is the same call.'),
    maxEvents: z.int().positive().default(4_096).describe('Event numbers kept with an action; all are counted.'),
    maxOpen: z
      .int()
      .positive()
      .default(256)
      .describe('Children of one agent whose actions are open at once; beyond it the oldest is closed.'),
    maxFiles: z
      .int()
      .positive()
      .default(512)
      .describe('Files that one agent itself works on at once; beyond it the oldest action is closed.'),
    maxNames: z
      .int()
      .positive()
      .default(4_096)
      .describe('Paths and directories remembered of one session, to tell what a write with a hidden directory meant.'),
  })
  .prefault({})
  .describe('How events are grouped into actions.');
export type ActionConfig = z.infer<typeof actionConfig>;
