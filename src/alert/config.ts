import { z } from 'zod';
import { SEVERITIES } from '../model/verdict.ts';

const millis = (fallback: number, text: string) => z.int().positive().default(fallback).describe(`${text} In milliseconds.`);

export const alertConfig = z
  .strictObject({
    alertmanagers: z
      .array(z.url({ protocol: /^https?$/ }))
      .default([])
      .describe('Every Alertmanager of a cluster, each by its own URL; never a load balancer.'),
    minSeverity: z.enum(SEVERITIES).default('warning').describe('Least severity of a finding that becomes an alert.'),
    resendMs: millis(60_000, 'How often a firing alert is sent again.'),
    resolveRepeatMs: millis(900_000, 'How long a resolved alert is repeated.'),
    timeoutMs: millis(10_000, 'Longest wait for one request.'),
    queueCapacity: z.int().positive().default(10_000).describe('Alerts held for each Alertmanager; the oldest are dropped.'),
    batchSize: z.int().positive().default(256).describe('Alerts in one request.'),
    externalLabels: z
      .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string())
      .default({})
      .describe('Labels added to every alert, such as `cluster`.'),
  })
  .prefault({})
  .describe('Where alerts go.');
export type AlertConfig = z.infer<typeof alertConfig>;
