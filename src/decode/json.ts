import type { Nanos } from '../model/time.ts';
import type { Envelope, Rejected } from './envelope.ts';

/** Fields in nanoseconds: as JSON numbers they are above 2^53, and `JSON.parse` rounds them. */
const NANO_FIELDS = ['proc.pid.ts', 'proc.ppid.ts'] as const;

/**
 * Reads one JSON document of Falco's (http_output, file_output, stdout_output). Total: never throws.
 *
 * Falco's standard output mixes its own log lines with events, and other programs write JSON too. Those are refused and no
 * loss; text that begins as an event does but is cut or damaged is one, and so is an event whose time or fields are missing.
 */
export const readJson = (text: string): Envelope | Rejected => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unreadable';
    return { rejected: 'not-json', detail, lost: /^[\s\uFEFF]*\{/.test(text) };
  }
  if (!isObject(document)) return { rejected: 'not-an-event', detail: 'not a JSON object', lost: false };
  const { time, rule, priority, output_fields: fields, output, hostname, source, tags } = document;
  if (typeof rule !== 'string') return { rejected: 'not-an-event', detail: 'no "rule"', lost: false };
  if (!isObject(fields)) return { rejected: 'not-an-event', detail: 'no "output_fields"', lost: true };
  const nanos = typeof time === 'string' ? parseRfc3339(time) : undefined;
  if (nanos === undefined) {
    return { rejected: 'bad-time', detail: '"time" is not an RFC 3339 time in UTC', lost: true };
  }
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

/** Replaces rounded nanosecond numbers by the digits that stand in the text; what has none there is no time. */
const restoreNanos = (text: string, fields: Record<string, unknown>): void => {
  for (const name of NANO_FIELDS) {
    const rounded = fields[name];
    if (typeof rounded !== 'number' || Number.isSafeInteger(rounded)) continue;
    // A key cannot stand inside a string, where its quotes would be escaped; of several the last counts, as in JSON.parse.
    const at = text.lastIndexOf(`"${name}":`);
    const digits = /^\s*(\d{1,20})(?=[\s,}])/.exec(text.slice(at + name.length + 3, at + name.length + 32))?.[1];
    fields[name] = at >= 0 && digits && Number(digits) === rounded ? digits : undefined;
  }
};

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(?:Z|\+00:00)$/;

/** Falco's `time`: RFC 3339 in UTC with up to nine fractional digits. Exact, or undefined. */
export const parseRfc3339 = (text: string): Nanos | undefined => {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const second = startOfSecond(match[1] as string);
  return second === undefined ? undefined : second + BigInt((match[2] ?? '').padEnd(9, '0'));
};

/** Many events share a second, and dates are slow to read. */
let lastSecond: { readonly text: string; readonly nanos: Nanos | undefined } = { text: '', nanos: undefined };

const startOfSecond = (text: string): Nanos | undefined => {
  if (text !== lastSecond.text) {
    const milliseconds = Date.parse(`${text}Z`);
    lastSecond = { text, nanos: Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n };
  }
  return lastSecond.nanos;
};
