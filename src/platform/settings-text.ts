import type { JsonSchema } from './settings-key.ts';

const BOOLEANS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/**
 * A value as an environment variable or a flag spells it: lists are `a,b`, mappings `k=v,k=v`, and either may be JSON.
 * Text that does not fit comes back as it is, for the schema to refuse.
 */
export const valueFromText = (text: string, schema: JsonSchema): unknown => {
  switch (schema.type) {
    case 'string':
      return text;
    case 'boolean':
      return BOOLEANS.get(text) ?? text;
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'array':
      return text.startsWith('[') ? fromJson(text) : split(text).map((item) => valueFromText(item, schema.items ?? {}));
    case 'object':
      return text.startsWith('{') ? fromJson(text) : pairs(text, schema.additionalProperties);
    default:
      return fromJson(text);
  }
};

const split = (text: string): string[] => (text.trim() === '' ? [] : text.split(',').map((item) => item.trim()));

const pairs = (text: string, values: JsonSchema['additionalProperties']): unknown => {
  const schema: JsonSchema = typeof values === 'object' ? values : {};
  const entries = split(text).map((item) => /^([^=]+)=(.*)$/s.exec(item));
  const names = new Set(entries.map((entry) => entry?.[1]));
  if (names.has(undefined) || names.size < entries.length) return text;
  return Object.fromEntries(entries.map((entry) => [entry?.[1], valueFromText(entry?.[2] ?? '', schema)]));
};

const fromJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
