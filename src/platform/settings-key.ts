import { z } from 'zod';

/** The part of JSON Schema that settings are described with. */
export interface JsonSchema {
  readonly type?: string;
  /** What a value must be, in words, where a pattern would be hard to read. */
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly writeOnly?: boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
}

/** One setting: a value that the file, the environment or a flag replaces as a whole. */
export interface Key {
  readonly path: readonly string[];
  /** As in `--set`: `source.grpc.minPollMs`. */
  readonly name: string;
  /** As in the environment: `CREANCE_SOURCE_GRPC_MIN_POLL_MS`. */
  readonly env: string;
  readonly schema: JsonSchema;
  /** Its value is never shown. */
  readonly secret: boolean;
}

/** What settings exist, read off their schema: loading, printing and the reference page all work from this. */
export interface Description<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  readonly json: JsonSchema;
  readonly keys: readonly Key[];
  /** First word of every environment variable, such as `CREANCE`. */
  readonly prefix: string;
}

export const describeSettings = <Schema extends z.ZodType>(schema: Schema, prefix: string): Description<Schema> => {
  const json = toJsonSchema(schema);
  return { schema, json, keys: keysOf(json, [], prefix), prefix };
};

/** The JSON Schema of what may be written, with the protocols of URLs, which zod leaves out. */
const toJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const { protocol } = zodSchema._zod.def as { protocol?: RegExp };
      if (jsonSchema.format === 'uri' && protocol) jsonSchema.pattern = `${protocol.source.replace(/\$$/, '')}:`;
    },
  }) as JsonSchema;

const SECRET_NAME = /(password|passphrase|token|secret|credentials?|apiKey)$/i;

const keysOf = (schema: JsonSchema, path: readonly string[], prefix: string): Key[] =>
  Object.entries(schema.properties ?? {}).flatMap(([word, inner]) => {
    const here = [...path, word];
    if (inner.properties) return keysOf(inner, here, prefix);
    const secret = inner.writeOnly === true || SECRET_NAME.test(word);
    return [{ path: here, name: here.join('.'), env: envName(here, prefix), schema: inner, secret }];
  });

const envName = (path: readonly string[], prefix: string): string =>
  [prefix, ...path.map((word) => word.replace(/([a-z0-9])([A-Z])/g, '$1_$2'))].join('_').toUpperCase();

/** The schema of what stands at `path`, inside lists and mappings too; undefined where nothing may stand. */
export const schemaAt = (schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema | undefined => {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const { additionalProperties: values } = schema;
  const inner =
    typeof step === 'number'
      ? schema.items
      : (schema.properties?.[String(step)] ?? (values === false ? undefined : values));
  return typeof inner === 'object' ? schemaAt(inner, rest) : undefined;
};
