import { z } from 'zod';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export const logConfig = z
  .strictObject({
    level: z.enum(LOG_LEVELS).default('info').describe('Least level that is written.'),
    format: z
      .enum(['auto', 'json', 'pretty'])
      .default('auto')
      .describe('`auto` is pretty on a terminal and JSON lines everywhere else.'),
  })
  .prefault({})
  .describe('The log, written to standard error.');
export type LogConfig = z.infer<typeof logConfig>;

/** `HOST:PORT`, with IPv6 hosts in brackets. */
const LISTEN = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/;

export const serverConfig = z
  .strictObject({
    listen: z
      .string()
      .regex(LISTEN)
      .refine((listen) => portOf(listen) <= 65_535, 'must have a port up to 65535')
      .default('127.0.0.1:9376')
      .meta({
        title: '`HOST:PORT`, such as `127.0.0.1:9376` or `[::1]:9376`',
        description: 'Where `/livez`, `/readyz` and `/metrics` are served; port 0 takes any free one.',
      }),
    maxConnections: z.int().positive().default(64).describe('Connections that may be open at once.'),
    requestMs: z
      .int()
      .positive()
      .default(5_000)
      .describe('Longest time a client may take to send a request. In milliseconds.'),
  })
  .prefault({})
  .describe('The service’s own endpoints: is it alive, is it ready, and its metrics.');
export type ServerConfig = z.infer<typeof serverConfig>;

const portOf = (listen: string): number => Number(listen.slice(listen.lastIndexOf(':') + 1));

/** The parts of a `listen` that the schema has accepted, as `node:net` takes them. */
export const parseListen = (listen: string): { readonly host: string; readonly port: number } => ({
  host: listen.slice(0, listen.lastIndexOf(':')).replace(/^\[|\]$/g, ''),
  port: portOf(listen),
});
