import type { Nanos } from '../model/time.ts';
import type { Envelope, Rejected } from './envelope.ts';

/** Fields in nanoseconds: as JSON numbers they are above 2^53, and `JSON.parse` rounds them. */
const NANO_FIELDS = ['proc.pid.ts', 'proc.ppid.ts'] as const;

/** Reads one JSON document of Falco's (http_output, file_output, stdout_output). Total: never throws. */
export const readJson = (text: string): Envelope | Rejected => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { rejected: 'not-json', detail: error instanceof Error ? error.message : 'unreadable' };
  }
  if (!isObject(document)) return { rejected: 'not-an-event', detail: 'not a JSON object' };
  const { time, rule, priority, output_fields: fields, output, hostname, source, tags } = document;
  if (typeof rule !== 'string') return { rejected: 'not-an-event', detail: 'no "rule"' };
  if (!isObject(fields)) return { rejected: 'not-an-event', detail: 'no "output_fields"' };
  const nanos = typeof time === 'string' ? parseRfc3339(time) : undefined;
  if (nanos === undefined) return { rejected: 'bad-time', detail: '"time" is not an RFC 3339 time in UTC' };
  restoreNanos(text, fields);
  return {
    time: nanos,
    priority: typeof priority === 'string' || typeof priority === 'number' ? priority : 'debug',
    rule,
    output: () => (typeof output === 'string' ? output : ''),
    hostname: typeof hostname === 'string' ? hostname : '',
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [],
    source: typeof source === 'string' ? source : '',
    fields,
  };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Replaces rounded nanosecond numbers by the digits that stand in the text. */
const restoreNanos = (text: string, fields: Record<string, unknown>): void => {
  for (const name of NANO_FIELDS) {
    const rounded = fields[name];
    if (typeof rounded !== 'number' || Number.isSafeInteger(rounded)) continue;
    const at = text.lastIndexOf(`"${name}":`);
    const digits = /^\s*(\d{1,20})/.exec(text.slice(at + name.length + 3, at + name.length + 32))?.[1];
    // The text may show the name in another place, inside a command line say: only digits that round alike are these.
    fields[name] = at >= 0 && digits && Number(digits) === rounded ? digits : String(BigInt(Math.round(rounded)));
  }
};

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(?:Z|\+00:00)$/;

/** Falco's `time`: RFC 3339 in UTC with up to nine fractional digits. Exact, or undefined. */
export const parseRfc3339 = (text: string): Nanos | undefined => {
  // Falco's own form has a fixed width; the general one is slower.
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const seconds = Date.parse(`${match[1]}Z`);
  if (Number.isNaN(seconds)) return undefined;
  return BigInt(seconds) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
};
