import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { configJsonSchema } from '../../src/config.ts';
import { chartFile } from './chart.ts';

type Json = Readonly<Record<string, unknown>>;

/** One value of values.yaml. */
export interface ValueDoc {
  readonly path: string;
  readonly description: string;
  /** Absent where further values stand below. */
  readonly fallback?: unknown;
}

const text = (min = 0): Json => ({ type: 'string', ...(min > 0 && { minLength: min }) });
const choice = (...values: readonly string[]): Json => ({ type: 'string', enum: values });
const PORT: Json = { type: 'integer', minimum: 1, maximum: 65_535 };
const COUNT: Json = { type: 'integer', minimum: 1 };
/** Whatever Kubernetes takes there. */
const OBJECT: Json = { type: 'object' };
const OBJECTS: Json = { type: 'array', items: OBJECT };
const TEXTS_BY_NAME: Json = { type: 'object', additionalProperties: { type: 'string' } };
const DURATION: Json = { type: 'string', pattern: '^[0-9]+(ms|s|m|h)$' };
const SETTABLE_PATH: Json = { type: 'string', pattern: '^/' };

/** What a value may be, where its default does not tell. */
const KINDS: Readonly<Record<string, Json>> = {
  commonLabels: TEXTS_BY_NAME,
  'image.repository': text(1),
  'image.digest': { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
  'image.pullPolicy': choice('IfNotPresent', 'Always', 'Never'),
  'image.pullSecrets': OBJECTS,
  'falco.podLabels': { ...TEXTS_BY_NAME, minProperties: 1 },
  'falco.rules.file': choice('creance_rules.yaml', 'creance_rules_minimal.yaml'),
  'source.kind': choice('http', 'socket', 'tls'),
  'source.http.port': PORT,
  'source.http.expose': choice('service', 'hostPort'),
  'source.socket.hostPath': SETTABLE_PATH,
  'source.socket.file': { type: 'string', pattern: '^[^/]+$' },
  'source.socket.runAsUser': { type: 'integer', minimum: 0 },
  'source.tls.port': PORT,
  'daemonset.terminationGracePeriodSeconds': COUNT,
  'daemonset.updateStrategy': OBJECT,
  'daemonset.nodeSelector': TEXTS_BY_NAME,
  'daemonset.tolerations': OBJECTS,
  'daemonset.affinity': OBJECT,
  'daemonset.podLabels': TEXTS_BY_NAME,
  'daemonset.podAnnotations': TEXTS_BY_NAME,
  'daemonset.resources': OBJECT,
  'sidecar.waitSeconds': COUNT,
  'sidecar.terminationGracePeriodSeconds': COUNT,
  'sidecar.podMonitor.interval': DURATION,
  'sidecar.podMonitor.labels': TEXTS_BY_NAME,
  'sidecar.resources': OBJECT,
  'store.kind': choice('ephemeral', 'redis'),
  'store.redis.existingSecretKey': text(1),
  'store.redis.bundled.image': text(1),
  'store.redis.bundled.resources': OBJECT,
  'server.host': choice('0.0.0.0', '[::]'),
  'server.port': PORT,
  extraEnv: OBJECTS,
  extraVolumes: OBJECTS,
  extraVolumeMounts: OBJECTS,
  securityContext: OBJECT,
  'serviceAccount.annotations': TEXTS_BY_NAME,
  'networkPolicy.metrics.from': OBJECTS,
  'networkPolicy.alerts.to': OBJECTS,
  'networkPolicy.redis.to': OBJECTS,
  'networkPolicy.redis.port': PORT,
  'networkPolicy.extraEgress': OBJECTS,
  'serviceMonitor.interval': DURATION,
  'serviceMonitor.labels': TEXTS_BY_NAME,
  'prometheusRule.labels': TEXTS_BY_NAME,
  'prometheusRule.alertLabels': TEXTS_BY_NAME,
  'dashboard.labels': TEXTS_BY_NAME,
  'test.rule': { type: 'string', pattern: '^[a-z0-9-]+$' },
};

/** Settings that the chart writes itself, from values of its own. */
export const OWN_SETTINGS = [
  'store',
  'source.url',
  'source.http.path',
  'source.http.tls',
  'source.grpc.tls',
  'server.listen',
] as const;

const fail = (message: string): never => {
  throw new Error(message);
};

const mapOf = (node: unknown): YAMLMap => (isMap(node) ? node : fail('a mapping is missing'));

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : fail('a key must be text'));

/** The parser hangs the comment before a mapping's first key on the mapping. What a blank line parts from the key is another's. */
const commentOf = (map: YAMLMap, index: number, pair: Pair): string => {
  const own = isScalar(pair.key) ? pair.key.commentBefore : undefined;
  const comment = own ?? (index === 0 ? map.commentBefore : undefined) ?? '';
  return (comment.split(/\n\s*\n/).at(-1) ?? '').replace(/\s*\n\s*/g, ' ').trim();
};

const isLeaf = (path: string, value: unknown): boolean => path in KINDS || !isMap(value) || value.items.length === 0;

const walk = (map: YAMLMap, prefix: string): readonly ValueDoc[] =>
  map.items.flatMap((pair, index) => {
    const path = `${prefix}${keyOf(pair)}`;
    const description = commentOf(map, index, pair);
    if (!isLeaf(path, pair.value)) return [{ path, description }, ...walk(mapOf(pair.value), `${path}.`)];
    return [{ path, description, fallback: JSON.parse(JSON.stringify(pair.value)) }];
  });

const topOf = (): YAMLMap => mapOf(parseDocument(chartFile('values.yaml')).contents);

/** Every value in the order of values.yaml. */
export const describeValues = (): readonly ValueDoc[] => walk(topOf(), '');

const kindOf = (path: string, fallback: unknown, description: string): Json => {
  const kind =
    KINDS[path] ??
    (typeof fallback === 'string'
      ? text()
      : typeof fallback === 'boolean'
        ? { type: 'boolean' }
        : fail(`${path}: say in KINDS what it may be`));
  return { description, ...kind };
};

/** Without a key that lies below, wherever it is. */
const without = (schema: Json, [key = '', ...rest]: readonly string[]): Json => {
  const properties = { ...(schema.properties as Record<string, Json>) };
  const below = properties[key] ?? fail(`creance.yaml has no ${key} any more`);
  if (rest.length === 0) delete properties[key];
  else properties[key] = without(below, rest);
  return { ...schema, properties };
};

/** Defaults are creance's own business: here they would only be repeated, and those of sections are not whole. */
const withoutDefaults = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(withoutDefaults);
  if (typeof node !== 'object' || node === null) return node;
  const isSchema = 'type' in node || 'description' in node;
  const entries = Object.entries(node).filter(([key]) => !(isSchema && (key === 'default' || key === '$schema')));
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutDefaults(value)]));
};

const configSchema = (description: string): Json => {
  const whole = OWN_SETTINGS.reduce((schema, path) => without(schema, path.split('.')), configJsonSchema() as Json);
  return { ...(withoutDefaults(whole) as Json), description };
};

const closed = (map: YAMLMap, prefix: string): Json => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    map.items.map((pair, index) => {
      const path = `${prefix}${keyOf(pair)}`;
      const description = commentOf(map, index, pair);
      if (path === 'config') return [path, configSchema(description)];
      if (isLeaf(path, pair.value))
        return [keyOf(pair), kindOf(path, JSON.parse(JSON.stringify(pair.value)), description)];
      return [keyOf(pair), { ...(description && { description }), ...closed(mapOf(pair.value), `${path}.`) }];
    }),
  ),
});

const WIDTH = 120;

/** JSON as the project's formatter writes it: lists of words on one line where they fit. */
const print = (node: unknown, indent: number, before = 0): string => {
  if (typeof node !== 'object' || node === null) return JSON.stringify(node);
  const inner = ' '.repeat(indent + 2);
  const [open, close] = Array.isArray(node) ? ['[', ']'] : ['{', '}'];
  const parts = Array.isArray(node)
    ? node.map((item) => print(item, indent + 2))
    : Object.entries(node).map(([key, value]) => {
        const name = `${JSON.stringify(key)}: `;
        return `${name}${print(value, indent + 2, name.length)}`;
      });
  const line = `${open}${parts.join(', ')}${close}`;
  const isShort = Array.isArray(node) && !line.includes('\n') && indent + before + line.length + 1 <= WIDTH;
  if (isShort || parts.length === 0) return line;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${' '.repeat(indent)}${close}`;
};

/** values.schema.json. */
export const valuesSchema = (): string => {
  const schema = closed(topOf(), '');
  const properties = {
    ...(schema.properties as Json),
    global: { type: 'object', description: 'Values of a parent chart; not used.' },
  };
  return `${print({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema, properties }, 0)}\n`;
};

const cell = (value: unknown): string => `\`${JSON.stringify(value)}\``;

/** README.md of the chart. */
export const chartReadme = (): string => {
  const rows = describeValues().map(({ path, description, fallback }) =>
    fallback === undefined
      ? `| **\`${path}\`** | | ${description} |`
      : `| \`${path}\` | ${cell(fallback)} | ${description} |`,
  );
  return `# creance: Helm chart

<!-- Made from values.yaml by \`npm run chart\`; do not edit. -->

Watches AI coding agents through Falco, learns how they usually work, and alerts when one leaves that. How to install it, for
each CI system, is told in [docs/install.md](../../docs/install.md); which Falco, and what it must be told, in
[docs/falco.md](../../docs/falco.md).

\`\`\`
helm install creance helm/creance --namespace falco --create-namespace --set image.repository=REGISTRY/creance
\`\`\`

Needs Kubernetes 1.29 or newer. Complete values are in [examples/](examples).

**One consumer a Falco.** Falco's gRPC gives each event to one of its consumers only, and its HTTP output has one URL. The
DaemonSet is that one consumer on each node: start with it. The sidecar is right only where one runner pod with it runs on a
node and nothing else reads from that node's Falco; the chart refuses both at once.

There is no PodDisruptionBudget and no topology spread: a DaemonSet's pods are not evicted by a drain and are spread by
nature, and the bundled Redis is one pod without data that matters.

## Values

| Value | Default | Meaning |
|---|---|---|
${rows.join('\n')}
`;
};
