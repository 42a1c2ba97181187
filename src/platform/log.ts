import { type DestinationStream, type Logger, pino } from 'pino';
import { z } from 'zod';

export type { Logger } from 'pino';

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

/** Property names whose values never reach the log, at the first two levels of an object. */
const SECRET_KEYS = ['password', 'token', 'secret', 'authorization', 'credentials', 'key', 'cert', 'ca'];

/** A logger to standard error, or to `destination` in tests. */
export const createLog = (config: LogConfig, destination?: DestinationStream): Logger => {
  const pretty = config.format === 'pretty' || (config.format === 'auto' && process.stderr.isTTY);
  const redact = { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' };
  const options = { level: config.level, redact, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (destination) return pino(options, destination);
  if (pretty) return pino({ ...options, transport: { target: 'pino-pretty', options: { destination: 2 } } });
  return pino(options, pino.destination({ dest: 2, sync: true }));
};
