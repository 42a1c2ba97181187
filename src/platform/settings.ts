import type { z } from 'zod';
import { parseSettingsFile, type SettingsFile } from './settings-file.ts';
import { issueTexts, issueWording, unknownKey } from './settings-issue.ts';
import type { Description, Key } from './settings-key.ts';
import type { Origin, Problem } from './settings-problem.ts';
import { valueFromText } from './settings-text.ts';
import { unknownVariables } from './settings-variable.ts';

/** A setting given on the command line: `flag` as the user wrote it, and the key that it stands for. */
export interface Flag {
  readonly flag: string;
  readonly key: string;
  readonly value: string;
}

/** Where settings are read from, weakest first: each overrules the one before it, key by key. */
export interface SettingsSources {
  readonly file?: { readonly name: string; readonly text: string } | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: readonly Flag[];
}

/** Values by key, and where each one that is not a default came from; or everything that is wrong. */
export type LoadedSettings<T> =
  | { readonly ok: true; readonly value: T; readonly origins: ReadonlyMap<string, Origin> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const loadSettings = <Schema extends z.ZodType>(
  description: Description<Schema>,
  { file: source, env, flags }: SettingsSources,
): LoadedSettings<z.infer<Schema>> => {
  const file = source && parseSettingsFile(source.name, source.text);
  let tree: Tree = file?.values ?? {};
  const origins = new Map<string, Origin>();
  for (const { name, path } of description.keys) {
    if (file && has(tree, path)) origins.set(name, file.locate(path));
  }
  const set = (key: Key, text: string, origin: Origin) => {
    const next = put(tree, key.path, valueFromText(text, key.schema));
    if (!next) return;
    tree = next;
    origins.set(key.name, origin);
  };
  for (const key of description.keys) {
    const text = env[key.env];
    if (text !== undefined) set(key, text, { kind: 'env', name: key.env });
  }
  const problems = [...(file?.problems ?? []), ...unknownVariables(description, env)];
  for (const { flag, key: name, value } of flags) {
    const origin = { kind: 'flag', name: flag } as const;
    const key = description.keys.find((known) => known.name === name);
    if (key) set(key, value, origin);
    else problems.push({ origin, text: unknownFlag(description, name) });
  }
  const parsed = description.schema.safeParse(tree, { error: issueWording(description) });
  if (parsed.success && problems.length === 0) return { ok: true, value: parsed.data, origins };
  const issues = parsed.error?.issues ?? [];
  const told = issues.flatMap((issue) => issueTexts(description, issue, tree));
  problems.push(...told.map(({ path, text, about }) => ({ origin: originOf(path, origins, file, about), text })));
  return { ok: false, problems };
};

type Tree = Readonly<Record<PropertyKey, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

const has = (tree: unknown, [step, ...rest]: readonly string[]): boolean =>
  step === undefined || (isTree(tree) && Object.hasOwn(tree, step) && has(tree[step], rest));

/**
 * A copy with the value in it; sections may be shared by YAML aliases, and only one of them is meant. Undefined when
 * something that is no mapping is in the way: the schema will say so.
 */
const put = (tree: Tree, [step = '', ...rest]: readonly string[], value: unknown): Tree | undefined => {
  if (rest.length === 0) return { ...tree, [step]: value };
  const section = Object.hasOwn(tree, step) ? tree[step] : {};
  const inner = isTree(section) ? put(section, rest, value) : undefined;
  return inner && { ...tree, [step]: inner };
};

/** Who is to blame for what stands at `path`: its key's own source, else one that set something beside it. */
const originOf = (
  path: readonly PropertyKey[],
  origins: ReadonlyMap<string, Origin>,
  file: SettingsFile | undefined,
  about: 'key' | 'value',
): Origin | undefined => {
  for (let length = path.length; length > 0; length -= 1) {
    const origin = origins.get(path.slice(0, length).join('.'));
    if (origin) return origin.kind === 'file' && file ? file.locate(path, about) : origin;
  }
  const section = `${path.slice(0, -1).join('.')}.`;
  const beside = [...origins].find(
    ([name, { kind }]) => kind !== 'file' && path.length > 1 && name.startsWith(section),
  );
  return beside && about === 'value' && !(file && has(file.values, path.map(String)))
    ? beside[1]
    : file?.locate(path, about);
};

const unknownFlag = (description: Description, name: string): string => {
  const inside = description.keys.find((key) => key.name.startsWith(`${name}.`));
  return inside
    ? `${name} is a section; set one of its keys, such as ${inside.name}`
    : unknownKey(description, name.split('.'));
};
