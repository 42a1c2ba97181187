/** The fields that tell a record's worth. */
export const PEEKED_FIELDS = [
  'evt.type',
  'evt.arg.flags',
  'evt.is_open_read',
  'evt.is_open_write',
  'fd.name',
  'fs.path.name',
  'fs.path.source',
  'fs.path.target',
  'proc.cwd',
] as const;
export type PeekedField = (typeof PEEKED_FIELDS)[number];

/** A glance at a record. */
export interface Peeked {
  /** The event comes from a telemetry rule, not from an alert of another rule. */
  readonly telemetry: boolean;
  /** The value as text; absent when the rule does not print it. */
  field(name: PeekedField): string | undefined;
}

/** The tag that all telemetry rules carry. */
export const TELEMETRY_TAG = 'creance';

const keys = Object.fromEntries(PEEKED_FIELDS.map((name) => [name, `"${name}":`])) as Record<PeekedField, string>;

/**
 * Finds fields in JSON without parsing it. A key with its quotes and colon cannot stand inside a string, where quotes are
 * escaped: event data cannot pose as a field.
 */
export const peekJson = (text: string): Peeked => ({
  telemetry: tagsOf(text).includes(`"${TELEMETRY_TAG}"`),
  field: (name) => textOf(text, keys[name]),
});

const tagsOf = (text: string): string => {
  // Falco writes its keys in alphabetical order: the tags are near the end.
  const from = text.lastIndexOf('"tags":');
  if (from < 0) return '';
  const to = text.indexOf(']', from);
  return to < 0 ? '' : text.slice(from, to);
};

const textOf = (text: string, key: string): string | undefined => {
  const at = text.indexOf(key);
  if (at < 0) return undefined;
  let from = at + key.length;
  while (text.charCodeAt(from) === SPACE) from++;
  if (text.charCodeAt(from) !== QUOTE) return /^(?:true|false|-?\d+)/.exec(text.slice(from, from + 24))?.[0];
  const to = closingQuote(text, from + 1);
  return to < 0 ? undefined : unescaped(text.slice(from, to + 1));
};

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const closingQuote = (text: string, from: number): number => {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
};

const unescaped = (quoted: string): string | undefined => {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
};
