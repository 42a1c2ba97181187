import { z } from 'zod';

const millis = (fallback: number, text: string) =>
  z.int().positive().default(fallback).describe(`${text} In milliseconds.`);

export const processConfig = z
  .strictObject({
    agents: z
      .array(z.string())
      .default([])
      .describe('Files that add to the catalogue of agents, or replace an entry by its id.'),
    scope: z
      .strictObject({
        repository: z.string().optional().describe('Repository of sessions whose processes do not tell it.'),
        workflow: z.string().optional().describe('Workflow of sessions whose processes do not tell it.'),
        job: z.string().optional().describe('Job of sessions whose processes do not tell it.'),
      })
      .prefault({})
      .describe('The CI scope to fall back on.'),
    allowedLatenessMs: millis(2_000, 'How far behind the clock event time may lie in a live stream.'),
    silenceMs: millis(1_800_000, 'A session ends after this long without an event, when its exit was lost.'),
    orphanMs: millis(60_000, 'How long children that outlive their agent keep its session open without an event.'),
    maxProcesses: z
      .int()
      .positive()
      .default(50_000)
      .describe('Processes remembered; beyond it the longest unseen is forgotten.'),
    maxSessions: z
      .int()
      .positive()
      .default(1_000)
      .describe('Sessions open at once; beyond it the longest silent is ended.'),
  })
  .prefault({})
  .describe('Which processes are agents, and when their sessions begin and end.');
export type ProcessConfig = z.infer<typeof processConfig>;
