import { z } from 'zod';

const millis = (fallback: number, text: string) =>
  z.int().positive().default(fallback).describe(`${text} In milliseconds.`);

const tls = z
  .strictObject({
    cert: z.string().optional().describe('Our certificate, a PEM file.'),
    key: z.string().optional().describe('The key of our certificate, a PEM file.'),
    ca: z.string().optional().describe('The authority that must have signed the peer’s certificate, a PEM file.'),
  })
  .prefault({});

export const sourceConfig = z
  .strictObject({
    url: z
      .string()
      .default('unix:///run/falco/falco.sock')
      .describe(
        'Where events come from: `unix:///run/falco/falco.sock` or `https://host:5060` (Falco’s gRPC, up to 0.43), ' +
          '`http://127.0.0.1:2801/` (a receiver for Falco’s http_output), a file, or `-` for standard input.',
      ),
    grpc: z
      .strictObject({
        minPollMs: millis(10, 'Pause before the next request after one that brought events.'),
        maxPollMs: millis(100, 'Longest pause between requests while no events come.'),
        reconnectMinMs: millis(250, 'First pause before connecting again.'),
        reconnectMaxMs: millis(15_000, 'Longest pause before connecting again.'),
        drainMs: millis(1_000, 'How long a stop waits for events that are already under way.'),
        tls: tls.describe('Mutual TLS, which Falco demands on TCP.'),
      })
      .prefault({})
      .describe('Falco’s gRPC output.'),
    http: z
      .strictObject({
        maxBodyBytes: z.int().positive().default(1_048_576).describe('Longest body that is read. In bytes.'),
        maxConnections: z.int().positive().default(256).describe('Connections that may be open at once.'),
        requestMs: millis(10_000, 'Longest time a client may take to send a request.'),
        path: z
          .string()
          .startsWith('/')
          .optional()
          .meta({ writeOnly: true, description: 'Accept this path only: a shared secret with Falco.' }),
        tls: tls.describe('Serve HTTPS; with `ca`, demand a client certificate.'),
      })
      .prefault({})
      .describe('The receiver for Falco’s HTTP output.'),
    file: z
      .strictObject({
        follow: z
          .boolean()
          .default(false)
          .describe('Go on reading as the file grows, through rotation and truncation.'),
        maxLineBytes: z.int().positive().default(4_194_304).describe('Longest line that is read. In bytes.'),
        pollMs: millis(250, 'How often a followed file is looked at.'),
      })
      .prefault({})
      .describe('Files of JSON lines, plain or gzipped.'),
    queue: z
      .strictObject({
        capacity: z
          .int()
          .positive()
          .default(65_536)
          .describe('Records held between a live source and the pipeline; beyond it the least valuable are shed.'),
      })
      .prefault({})
      .describe('The one queue between transport and pipeline.'),
  })
  .prefault({})
  .describe('Where events come from.');
export type SourceConfig = z.infer<typeof sourceConfig>;
