import { z } from 'zod';
import { httpConfig } from '../http/config.ts';

const receiver = z.url({ protocol: /^https?$/ }).optional();

/** Where alerts go besides Alertmanager. */
export const outputConfig = {
  file: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File to which every state of an alert is appended as a line of JSON; `/dev/stdout` for standard output.',
    ),
  webhook: z
    .strictObject({
      url: receiver.meta({ writeOnly: true, description: 'Where every state of an alert is posted.' }),
      template: z
        .string()
        .optional()
        .describe(
          'Liquid template of the body, a file; by default the alert as JSON. With a JSON content type `{{ value }}` writes JSON.',
        ),
      contentType: z
        .string()
        .regex(/^[\x20-\x7e]+$/)
        .default('application/json')
        .describe('What the body is.'),
      http: httpConfig.describe('How to reach the receiver.'),
    })
    .prefault({})
    .describe('A receiver of any kind.'),
  falco: z
    .strictObject({
      url: receiver.meta({
        writeOnly: true,
        description:
          'Where every new alert is posted as Falco would: Falcosidekick, Falco Talon, or anything else that takes `http_output`.',
      }),
      http: httpConfig.describe('How to reach the receiver.'),
    })
    .prefault({})
    .describe('A receiver of Falco’s own events.'),
  otlp: z
    .strictObject({
      url: receiver.meta({
        writeOnly: true,
        description:
          'Where every state of an alert is posted as a log record of OpenTelemetry, in JSON: `http://collector:4318/v1/logs`.',
      }),
      http: httpConfig.describe('How to reach the receiver.'),
    })
    .prefault({})
    .describe('A receiver of OpenTelemetry logs.'),
};
