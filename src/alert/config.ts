import { z } from 'zod';
import { SEVERITIES } from '../model/verdict.ts';
import { httpConfig } from './http/config.ts';
import { LABEL_NAMES } from './labels.ts';
import { outputConfig } from './output/config.ts';

const millis = (fallback: number, text: string) =>
  z.int().positive().default(fallback).describe(`${text} In milliseconds.`);

/** Nothing but scheme, host and path, so that what is put behind it stays where it was put. */
const server = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/[?#@]/.test(url), { error: 'must have neither credentials nor anything behind its path' });

const labelName = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/)
  .refine((name) => !LABEL_NAMES.some((own) => own === name), { error: 'is a label that alerts have of their own' });

export const alertConfig = z
  .strictObject({
    alertmanagers: z
      .array(z.url({ protocol: /^(dnssrv\+)?https?$/ }))
      .default([])
      .describe(
        'Every Alertmanager of a cluster, each by its own URL, never a load balancer; or `dnssrv+http://_web._tcp.alertmanager.monitoring.svc`, which stands for all that this SRV name has.',
      ),
    http: httpConfig.describe('How to reach every Alertmanager.'),
    ...outputConfig,
    ciServers: z
      .strictObject({
        github: z
          .array(server)
          .default(['https://github.com'])
          .describe('GitHub, with every GitHub Enterprise Server.'),
        gitlab: z.array(server).default(['https://gitlab.com']).describe('GitLab, with every one that you run.'),
        jenkins: z.array(server).default([]).describe('Every Jenkins, as in its `JENKINS_URL`.'),
      })
      .prefault({})
      .describe(
        'CI servers that alerts link to. A job names its own in its environment; one that is not here gets no link.',
      ),
    minSeverity: z.enum(SEVERITIES).default('warning').describe('Least severity of a finding that becomes an alert.'),
    maxFiring: z
      .int()
      .positive()
      .default(10_000)
      .describe('Alerts that fire at once; past it the oldest is resolved early.'),
    spreadAfter: z
      .int()
      .positive()
      .default(10)
      .describe(
        'Places (repository, workflow, job, namespace) that may show the same finding at once; further ones share one alert with `spread="many"`.',
      ),
    resendMs: millis(60_000, 'How often a firing alert is sent again.'),
    resolveRepeatMs: millis(900_000, 'How long a resolved alert is repeated.'),
    spool: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Where alerts outlive the process: a folder, the URL of a Redis as in `store`, or `off`. By default within the store: in `alerts` of one that is `file:`, in the Redis of one that is; with `memory:` nowhere.',
      ),
    spoolOwner: z
      .string()
      .regex(/^[\x21-\x7e]{1,512}$/)
      .optional()
      .describe(
        'Whose alerts they are in a Redis, such as the name of the node: the next process of this name goes on with them. By default the name of the host.',
      ),
    orphanMs: millis(
      900_000,
      'How long an alert that an earlier process left firing goes on when none of its sessions is seen again.',
    ),
    minFiringMs: millis(
      360_000,
      'How long an alert fires at least. Alertmanager tells nobody of an alert that resolves before its `group_wait` or `group_interval` has passed, and agents are often done sooner.',
    ),
    timeoutMs: millis(10_000, 'Longest wait for one request.'),
    queueCapacity: z
      .int()
      .positive()
      .default(10_000)
      .describe('Alerts held for each Alertmanager; the oldest are dropped.'),
    batchSize: z.int().positive().default(256).describe('Alerts in one request.'),
    flushMs: millis(10_000, 'Longest wait, when stopping, for alerts that are not yet delivered.'),
    externalLabels: z
      .record(labelName, z.string().min(1))
      .default({})
      .describe('Labels added to every alert, such as `cluster`.'),
  })
  .prefault({})
  .describe('Where alerts go.');
export type AlertConfig = z.infer<typeof alertConfig>;
