import { type DestinationStream, type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { LogConfig } from './config.ts';
import { redact } from './redact.ts';

export type { Logger } from 'pino';

/** Property names whose values never reach the log, at the first two levels of an object. */
const SECRET_KEYS = [
  'password',
  'passphrase',
  'token',
  'secret',
  'authorization',
  'credentials',
  'apiKey',
  'privateKey',
];

/** Where the log goes; a terminal gets it in colours. */
export type LogDestination = DestinationStream & { readonly isTTY?: boolean };

/** A logger to standard error, or to `destination` in tests. No secret reaches it, by name or by shape. */
export const createLog = (config: LogConfig, destination: LogDestination = process.stderr): Logger => {
  const terminal = destination.isTTY === true;
  const pretty = config.format === 'pretty' || (config.format === 'auto' && terminal);
  return pino(
    {
      level: config.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
      hooks: { streamWrite: redactLine },
    },
    pretty ? PinoPretty({ destination, colorize: terminal, sync: true }) : destination,
  );
};

const STRING = /"(?:[^"\\]|\\.)*"/g;

/** Each string of a JSON line on its own, so that what a pattern takes out never reaches past a quote. */
const redactLine = (line: string): string =>
  line.replace(STRING, (literal) => {
    const text: string = JSON.parse(literal);
    const clean = redact(text);
    return clean === text ? literal : JSON.stringify(clean);
  });
