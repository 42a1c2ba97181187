import type { JsonSchema } from './settings-key.ts';

/** What a value must be, as a phrase: `a whole number from 1`. Stands in error messages and in the reference page. */
export const expectation = (schema: JsonSchema): string => {
  if (schema.title !== undefined) return schema.title;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(expectation).join(', or ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return `one of ${schema.enum.map((value) => `\`${value}\``).join(', ')}`;
  switch (schema.type) {
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `a whole number${range(schema, 1)}`;
    case 'number':
      return `a number${range(schema, 0)}`;
    case 'string':
      return text(schema);
    case 'array':
      return schema.items ? `a list, each ${expectation(schema.items)}` : 'a list';
    case 'object':
      return mapping(schema);
    default:
      return 'any value';
  }
};

const text = ({ format, pattern, minLength = 0 }: JsonSchema): string => {
  const kind = format === 'uri' ? 'a URL' : minLength > 0 ? 'text that is not empty' : 'text';
  return pattern === undefined ? kind : `${kind} that matches \`${pattern.replaceAll('\\/', '/')}\``;
};

const mapping = ({ properties, additionalProperties: values }: JsonSchema): string =>
  !properties && typeof values === 'object' ? `a mapping of names to ${expectation(values)}` : 'a mapping of keys';

/** `step` is the distance from an excluded bound to the nearest allowed value, where there is one. */
const range = (schema: JsonSchema, step: number): string => {
  const above = schema.exclusiveMinimum;
  const least = above !== undefined && step > 0 ? above + step : finite(schema.minimum);
  const most = finite(schema.maximum);
  const from = least !== undefined ? ` from ${least}` : above !== undefined ? ` above ${above}` : '';
  return `${from}${most !== undefined ? ` to ${most}` : ''}`;
};

/** Zod bounds every whole number by what JavaScript can count; nobody needs to read that. */
const finite = (bound: number | undefined): number | undefined =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined;
