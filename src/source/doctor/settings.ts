import { parseDocument } from 'yaml';

/** A falco.yaml, asked by key paths such as `http_output.url`. */
export interface FalcoSettings {
  has(path: string): boolean;
  /** A text or a number as text; undefined where it is not set. */
  text(path: string): string | undefined;
  /** What it is set to, or what Falco takes where it is not. `${NAME}` counts as not set: Falco's environment is not ours. */
  flag(path: string, fallback: boolean): boolean;
  number(path: string, fallback: number): number;
  list(path: string): readonly unknown[];
}

/** Reads a falco.yaml. Keys that are not known are not errors: Falco has many, and gets new ones. */
export const readFalcoSettings = (source: string): FalcoSettings | { readonly problem: string } => {
  const document = parseDocument(source, { uniqueKeys: false });
  const [error] = document.errors;
  if (error) return { problem: `is no YAML: ${error.message.split('\n')[0]}` };
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount: 100 });
  } catch (failure) {
    return { problem: `is no YAML: ${(failure as Error).message}` };
  }
  if (!isObject(root)) return { problem: 'is not a mapping of settings' };
  return settingsOf(root);
};

const settingsOf = (root: Record<string, unknown>): FalcoSettings => {
  const at = (path: string): unknown => {
    let value: unknown = root;
    for (const key of path.split('.')) {
      if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
      value = value[key];
    }
    return value ?? undefined;
  };
  return {
    has: (path) => at(path) !== undefined,
    text: (path) => {
      const value = at(path);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    },
    flag: (path, fallback) => {
      const value = String(at(path)).toLowerCase();
      return value === 'true' ? true : value === 'false' ? false : fallback;
    },
    number: (path, fallback) => {
      const value = at(path);
      const number = typeof value === 'string' ? Number.parseFloat(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : fallback;
    },
    list: (path) => {
      const value = at(path);
      return Array.isArray(value) ? value : value === undefined ? [] : [value];
    },
  };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
