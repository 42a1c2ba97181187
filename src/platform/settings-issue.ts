import type { z } from 'zod';
import { expectation } from './settings-expectation.ts';
import { type Description, type JsonSchema, type Key, schemaAt } from './settings-key.ts';
import { nearest } from './settings-nearest.ts';
import { maskSecrets } from './settings-secret.ts';

type Path = readonly PropertyKey[];

/** What the schema says of a value when its own declaration has no message: a phrase that follows the key's name. */
export const issueWording =
  ({ json }: Description) =>
  (issue: { readonly code?: string; readonly path?: Path | undefined }): string => {
    const { code, path = [] } = issue;
    if (code === 'invalid_key') {
      const names = schemaAt(json, path.slice(0, -1))?.propertyNames;
      return `is not a possible name: it must be ${names ? expectation(names) : 'text'}`;
    }
    const schema = schemaAt(json, path);
    return schema ? `must be ${expectation(schema)}` : 'is not valid';
  };

/** One line for each thing that an issue names, with the path it is about. */
export const issueTexts = (
  description: Description,
  issue: z.core.$ZodIssue,
  tree: unknown,
): readonly { readonly path: Path; readonly text: string; readonly about: 'key' | 'value' }[] => {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      text: unknownKey(description, [...path, key]),
      about: 'key',
    }));
  if (issue.code === 'invalid_key') return [{ path, text: `${path.join('.')} ${issue.message}`, about: 'key' }];
  const value = path.reduce<unknown>(
    (holder, step) => (holder as Record<PropertyKey, unknown> | undefined)?.[step],
    tree,
  );
  const key = description.keys.find(({ path: known }) => known.every((word, index) => word === path[index]));
  const schema = schemaAt(description.json, path) ?? {};
  return [
    {
      path,
      text: `${path.join('.')} ${issue.message}${butWas(value, key)}${mend(value, schema, path)}`,
      about: 'value',
    },
  ];
};

/** `source.grcp is not a known key; did you mean source.grpc?` */
export const unknownKey = ({ json, keys }: Description, path: Path): string => {
  const siblings = Object.keys(schemaAt(json, path.slice(0, -1))?.properties ?? {});
  const word = String(path.at(-1));
  const near = nearest(word, siblings);
  const meant = near
    ? [...path.slice(0, -1), near].join('.')
    : (keys.find((key) => key.path.at(-1) === word)?.name ??
      nearest(
        path.join('.'),
        keys.map((key) => key.name),
      ));
  const hint = meant ? `did you mean ${meant}?` : `known here: ${siblings.join(', ')}`;
  return `${path.join('.')} is not a known key; ${hint}`;
};

const butWas = (value: unknown, key: Key | undefined): string => {
  if (value === undefined) return '';
  if (value === null) return ', but is empty';
  if (Array.isArray(value)) return ', not a list';
  if (typeof value === 'object') return ', not a mapping';
  const shown = JSON.stringify(maskSecrets(value, key ?? { secret: false }));
  return `, not ${shown.length > 80 ? `${shown.slice(0, 79)}…` : shown}`;
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

const mend = (value: unknown, schema: JsonSchema, path: Path): string => {
  if (value === null) return ': give it a value or remove it';
  if (typeof value === 'number' && schema.type === 'string' && schema.pattern === undefined)
    return '; put it in quotes';
  if (typeof value !== 'string') return '';
  const near = schema.enum && nearest(value, schema.enum.map(String));
  if (near) return `; did you mean \`${near}\`?`;
  if (schema.type !== 'integer' && schema.type !== 'number') return '';
  if (/^-?\d+(\.\d+)?$/.test(value)) return '; remove the quotes';
  const duration = String(path.at(-1)).endsWith('Ms') && /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(value);
  return duration ? `; write ${Number(duration[1]) * (UNITS[duration[2] ?? ''] ?? 1)}` : '';
};
