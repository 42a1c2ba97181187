import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type ConfigSources,
  configJsonSchema,
  configKeys,
  configReference,
  loadConfig,
  printConfig,
} from '../src/config.ts';
import type { Key } from '../src/platform/settings-key.ts';

const FIXTURES = join(import.meta.dirname, 'config/fixtures');
const NOWHERE = { HOME: '/nowhere' };

const load = (sources: Partial<ConfigSources> = {}) => {
  const { env = {}, ...rest } = sources;
  return loadConfig({ env: { ...NOWHERE, ...env }, flags: [], cwd: FIXTURES, ...rest });
};

const good = (sources: Partial<ConfigSources> = {}) => {
  const loaded = load(sources);
  if (!loaded.ok) throw new Error(loaded.message);
  return loaded;
};

const message = (sources: Partial<ConfigSources>): string => {
  const loaded = load(sources);
  return loaded.ok ? 'ok' : loaded.message;
};

const directory = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), 'creance-config-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
};

describe('precedence', () => {
  const file = 'good.yaml';
  const env = { CREANCE_SOURCE_GRPC_MIN_POLL_MS: '30' };
  const flags = [{ flag: '--set', key: 'source.grpc.minPollMs', value: '40' }];
  const minPollMs = (sources: Partial<ConfigSources>) => good(sources).config.source.grpc.minPollMs;

  test('flag, then environment, then file, then default', () => {
    expect(minPollMs({ file, env, flags })).toBe(40);
    expect(minPollMs({ file, env })).toBe(30);
    expect(minPollMs({ file })).toBe(20);
    expect(minPollMs({})).toBe(10);
  });

  test('the last flag of several', () => {
    expect(minPollMs({ flags: [...flags, { flag: '--set', key: 'source.grpc.minPollMs', value: '50' }] })).toBe(50);
  });

  test('a variable changes one of two sections that share an anchor', () => {
    const { source } = good({ file: 'shared.yaml', env: { CREANCE_SOURCE_GRPC_TLS_CERT: '/b.pem' } }).config;
    expect([source.grpc.tls.cert, source.http.tls.cert]).toEqual(['/b.pem', '/a.pem']);
  });

  test('a mapping is replaced as a whole', () => {
    const { config } = good({ file, env: { CREANCE_ALERT_EXTERNAL_LABELS: 'region=eu' } });
    expect(config.alert.externalLabels).toEqual({ region: 'eu' });
  });
});

describe('the file', () => {
  const yaml = (graceMs: number) => `graceMs: ${graceMs}\n`;
  const cwd = directory({ 'creance.yaml': yaml(1), 'other.yaml': yaml(2), 'xdg/creance/creance.yaml': yaml(3) });
  const empty = directory({ 'home/.config/creance/creance.yaml': yaml(4) });

  test('is the one named, else the one here, else the one of the user', () => {
    const XDG_CONFIG_HOME = join(cwd, 'xdg');
    const used = (sources: Partial<ConfigSources>) => {
      const { file, config } = good({ env: { XDG_CONFIG_HOME }, ...sources });
      return [file, config.graceMs];
    };
    expect(used({ cwd, file: 'other.yaml' })).toEqual(['other.yaml', 2]);
    expect(used({ cwd, env: { CREANCE_CONFIG: 'other.yaml' } })).toEqual(['other.yaml', 2]);
    expect(used({ cwd })).toEqual(['creance.yaml', 1]);
    expect(used({ cwd: empty })).toEqual([join(XDG_CONFIG_HOME, 'creance/creance.yaml'), 3]);
    const HOME = join(empty, 'home');
    expect(used({ cwd: empty, env: { HOME } })).toEqual([join(HOME, '.config/creance/creance.yaml'), 4]);
    expect(used({ cwd: empty, env: {} })).toEqual([undefined, 20_000]);
  });

  test('must exist when it is named', () => {
    expect(message({ file: 'missing.yaml' })).toContain('missing.yaml cannot be read: ENOENT');
    expect(message({ file: '.' })).toContain('. cannot be read: EISDIR');
  });

  test.each(['empty', 'comments'])('may say nothing: %s', (name) => {
    expect(good({ file: `${name}.yaml` }).config).toEqual(good().config);
  });
});

describe('the store', () => {
  const store = (env: Record<string, string>) => good({ env }).config.store;

  test('is under the state home unless it says where', () => {
    expect(store({})).toBe('file:/nowhere/.local/state/creance');
    expect(store({ XDG_STATE_HOME: '/state' })).toBe('file:/state/creance');
    expect(store({ XDG_STATE_HOME: 'relative' })).toBe('file:/nowhere/.local/state/creance');
    expect(store({ CREANCE_STORE: 'file:/var/lib/creance' })).toBe('file:/var/lib/creance');
  });
});

describe('every mistake has a message that names the place and the mend', () => {
  const mistake = (name: string) => message({ file: `${name}.yaml` });

  test('alias', () => {
    expect(mistake('alias')).toMatchInlineSnapshot(`
      "the configuration has 2 problems:
        alias.yaml:2:17: source.http.maxPollMs is not a known key; did you mean source.grpc.maxPollMs?
        alias.yaml:2:28: source.grpc.maxPollMs must be a whole number from 1, not "soon""
    `);
  });

  test('bare-colon', () => {
    expect(mistake('bare-colon')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        bare-colon.yaml:1:8: a value that ends with \`:\` or holds \`: \` must be in quotes"
    `);
  });

  test('proto', () => {
    expect(mistake('proto')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        proto.yaml:1:1: __proto__ is not a known key; known here: store, graceMs, source, process, action, detect, alert, server, log"
    `);
  });

  test('alias-bomb', () => {
    expect(mistake('alias-bomb')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        alias-bomb.yaml:1:1: the aliases in the file expand to too much"
    `);
  });

  test('broken-syntax', () => {
    expect(mistake('broken-syntax')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        broken-syntax.yaml:3:1: is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]"
    `);
  });

  test('duplicate-key', () => {
    expect(mistake('duplicate-key')).toMatchInlineSnapshot(`
      "the configuration has 2 problems:
        duplicate-key.yaml:3:3: level is given twice; keep one
        duplicate-key.yaml:4:10: graceMs must be a whole number from 1, not 0"
    `);
  });

  test('empty-section', () => {
    expect(mistake('empty-section')).toMatchInlineSnapshot(`
      "the configuration has 2 problems:
        empty-section.yaml:1:1: source must be a mapping of keys, but is empty: give it a value or remove it
        empty-section.yaml:3:3: log.level must be one of \`trace\`, \`debug\`, \`info\`, \`warn\`, \`error\`, \`fatal\`, \`silent\`, but is empty: give it a value or remove it"
    `);
  });

  test('list-root', () => {
    expect(mistake('list-root')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        list-root.yaml:1:1: the file must be a mapping of keys, not a list"
    `);
  });

  test('many', () => {
    expect(mistake('many')).toMatchInlineSnapshot(`
      "the configuration has 2 problems:
        many.yaml:1:1: sourcs is not a known key; did you mean source?
        many.yaml:3:10: log.level must be one of \`trace\`, \`debug\`, \`info\`, \`warn\`, \`error\`, \`fatal\`, \`silent\`, not "loud""
    `);
  });

  test('misplaced-key', () => {
    expect(mistake('misplaced-key')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        misplaced-key.yaml:2:3: source.minPollMs is not a known key; did you mean source.grpc.minPollMs?"
    `);
  });

  test('not-a-list', () => {
    expect(mistake('not-a-list')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        not-a-list.yaml:2:18: alert.alertmanagers must be a list, each a URL that matches \`^(dnssrv\\+)?https?:\`, not "http://am-0:9093""
    `);
  });

  test('nowhere-near', () => {
    expect(mistake('nowhere-near')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        nowhere-near.yaml:2:3: log.colour is not a known key; known here: level, format"
    `);
  });

  test('scalar-root', () => {
    expect(mistake('scalar-root')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        scalar-root.yaml:1:1: the file must be a mapping of keys, not a single value"
    `);
  });

  test('second-document', () => {
    expect(mistake('second-document')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        second-document.yaml:2:1: a second document begins; remove this \`---\`"
    `);
  });

  test('secret', () => {
    expect(mistake('secret')).toMatchInlineSnapshot(`
      "the configuration has 3 problems:
        secret.yaml:1:8: store must be \`memory:\`, \`file:DIR\`, \`redis://HOST:PORT/DB\` or \`rediss://HOST:PORT/DB\`, not "rediss:/[redacted]@redis"
        secret.yaml:3:8: source.url must be text, not true
        secret.yaml:6:7: alert.alertmanagers.0 must be a URL that matches \`^(dnssrv\\+)?https?:\`, not "ftp://[redacted]@am""
    `);
  });

  test('tab', () => {
    expect(mistake('tab')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        tab.yaml:2:1: a tab may not indent; use spaces"
    `);
  });

  test('unknown-alias', () => {
    expect(mistake('unknown-alias')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        unknown-alias.yaml:1:8: *store stands for nothing: no &store comes before it"
    `);
  });

  test('unknown-key', () => {
    expect(mistake('unknown-key')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        unknown-key.yaml:2:3: source.grcp is not a known key; did you mean source.grpc?"
    `);
  });

  test('unknown-section', () => {
    expect(mistake('unknown-section')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        unknown-section.yaml:1:1: sourcs is not a known key; did you mean source?"
    `);
  });

  test('unknown-tag', () => {
    expect(mistake('unknown-tag')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        unknown-tag.yaml:1:8: is not valid YAML: Unresolved tag: !env"
    `);
  });

  test('wrong-choice', () => {
    expect(mistake('wrong-choice')).toMatchInlineSnapshot(`
      "the configuration has 2 problems:
        wrong-choice.yaml:2:10: log.level must be one of \`trace\`, \`debug\`, \`info\`, \`warn\`, \`error\`, \`fatal\`, \`silent\`, not "warning"; did you mean \`warn\`?
        wrong-choice.yaml:4:16: alert.minSeverity must be one of \`info\`, \`notice\`, \`warning\`, \`error\`, \`critical\`, not "criticl"; did you mean \`critical\`?"
    `);
  });

  test('wrong-label', () => {
    expect(mistake('wrong-label')).toMatchInlineSnapshot(`
      "the configuration has 2 problems:
        wrong-label.yaml:3:5: alert.externalLabels.cluster-name is not a possible name: it must be text that matches \`^[a-zA-Z_][a-zA-Z0-9_]*$\`
        wrong-label.yaml:4:14: alert.externalLabels.cluster must be text that is not empty, not 5; put it in quotes"
    `);
  });

  test('wrong-list', () => {
    expect(mistake('wrong-list')).toMatchInlineSnapshot(`
      "the configuration has 2 problems:
        wrong-list.yaml:4:7: alert.alertmanagers.1 must be a URL that matches \`^(dnssrv\\+)?https?:\`, not "ftp://am-1"
        wrong-list.yaml:5:7: alert.alertmanagers.2 must be a URL that matches \`^(dnssrv\\+)?https?:\`, not "am-2:9093""
    `);
  });

  test('wrong-listen', () => {
    expect(mistake('wrong-listen')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        wrong-listen.yaml:2:11: server.listen must be \`HOST:PORT\`, such as \`127.0.0.1:9376\` or \`[::1]:9376\`, not 9376"
    `);
  });

  test('wrong-port', () => {
    expect(mistake('wrong-port')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        wrong-port.yaml:2:11: server.listen must have a port up to 65535, not "127.0.0.1:70000""
    `);
  });

  test('wrong-store', () => {
    expect(mistake('wrong-store')).toMatchInlineSnapshot(`
      "the configuration has a problem:
        wrong-store.yaml:1:8: store must be \`memory:\`, \`file:DIR\`, \`redis://HOST:PORT/DB\` or \`rediss://HOST:PORT/DB\`, not "redis""
    `);
  });

  test('wrong-types', () => {
    expect(mistake('wrong-types')).toMatchInlineSnapshot(`
      "the configuration has 8 problems:
        wrong-types.yaml:1:10: graceMs must be a whole number from 1, not "10s"; write 10000
        wrong-types.yaml:2:8: store must be \`memory:\`, \`file:DIR\`, \`redis://HOST:PORT/DB\` or \`rediss://HOST:PORT/DB\`, not 5
        wrong-types.yaml:4:8: source.url must be text, not 5; put it in quotes
        wrong-types.yaml:6:16: source.grpc.minPollMs must be a whole number from 1, not "10"; remove the quotes
        wrong-types.yaml:7:16: source.grpc.maxPollMs must be a whole number from 1, not -1
        wrong-types.yaml:8:21: source.grpc.reconnectMinMs must be a whole number from 1, not 1.5
        wrong-types.yaml:10:13: source.file.follow must be \`true\` or \`false\`, not "yes"
        wrong-types.yaml:11:6: log must be a mapping of keys, not "info""
    `);
  });

  test('in the environment', () => {
    const env = {
      CREANCE_SOURCE_GRPC_MIN_POL_MS: '5',
      CREANCE_SOMETHING: 'else',
      CREANCE_SOURCE_GRPC_MAX_POLL_MS: '5s',
      CREANCE_SOURCE_FILE_FOLLOW: 'yes',
      CREANCE_ALERT_ALERTMANAGERS: 'am-0:9093,[',
      CREANCE_ALERT_EXTERNAL_LABELS: 'cluster',
      CREANCE_ALERT_BATCH_SIZE: '',
    };
    expect(message({ env })).toMatchInlineSnapshot(`
      "the configuration has 8 problems:
        CREANCE_SOURCE_GRPC_MIN_POL_MS: is not a known variable; did you mean CREANCE_SOURCE_GRPC_MIN_POLL_MS?
        CREANCE_SOMETHING: is not a known variable; unset it
        CREANCE_SOURCE_GRPC_MAX_POLL_MS: source.grpc.maxPollMs must be a whole number from 1, not "5s"; write 5000
        CREANCE_SOURCE_FILE_FOLLOW: source.file.follow must be \`true\` or \`false\`, not "yes"
        CREANCE_ALERT_ALERTMANAGERS: alert.alertmanagers.0 must be a URL that matches \`^(dnssrv\\+)?https?:\`, not "am-0:9093"
        CREANCE_ALERT_ALERTMANAGERS: alert.alertmanagers.1 must be a URL that matches \`^(dnssrv\\+)?https?:\`, not "["
        CREANCE_ALERT_BATCH_SIZE: alert.batchSize must be a whole number from 1, not ""
        CREANCE_ALERT_EXTERNAL_LABELS: alert.externalLabels must be a mapping of names to text that is not empty, not "cluster""
    `);
  });

  test('in a flag', () => {
    const flags = [
      { flag: '--log-level', key: 'log.level', value: 'loud' },
      { flag: '--set', key: 'source.grcp.minPollMs', value: '5' },
      { flag: '--set', key: 'source.grpc', value: '{}' },
      { flag: '--set', key: 'nothing', value: '' },
    ];
    expect(message({ flags })).toMatchInlineSnapshot(`
      "the configuration has 4 problems:
        --set: source.grcp.minPollMs is not a known key; did you mean source.grpc.minPollMs?
        --set: source.grpc is a section; set one of its keys, such as source.grpc.minPollMs
        --set: nothing is not a known key; known here: store, graceMs, source, process, action, detect, alert, server, log
        --log-level: log.level must be one of \`trace\`, \`debug\`, \`info\`, \`warn\`, \`error\`, \`fatal\`, \`silent\`, not "loud""
    `);
  });

  test('in all of them at once', () => {
    const flags = [{ flag: '--log-format', key: 'log.format', value: 'xml' }];
    const env = { CREANCE_STORE: 'redis', CREANCE_SOURCE_URLS: '-' };
    expect(message({ file: 'many.yaml', env, flags })).toMatchInlineSnapshot(`
      "the configuration has 5 problems:
        many.yaml:1:1: sourcs is not a known key; did you mean source?
        many.yaml:3:10: log.level must be one of \`trace\`, \`debug\`, \`info\`, \`warn\`, \`error\`, \`fatal\`, \`silent\`, not "loud"
        CREANCE_SOURCE_URLS: is not a known variable; did you mean CREANCE_SOURCE_URL?
        CREANCE_STORE: store must be \`memory:\`, \`file:DIR\`, \`redis://HOST:PORT/DB\` or \`rediss://HOST:PORT/DB\`, not "redis"
        --log-format: log.format must be one of \`auto\`, \`json\`, \`pretty\`, not "xml""
    `);
  });

  test('each fixture stands here', () => {
    const here = readFileSync(import.meta.filename, 'utf8');
    const names = readdirSync(FIXTURES).map((file) => file.replace('.yaml', ''));
    expect(names.filter((name) => !here.includes(`'${name}'`) && !here.includes(`'${name}.yaml'`))).toEqual([]);
  });
});

describe('the environment', () => {
  test('has a variable of its own for every key, and none that Kubernetes may set', () => {
    const names = configKeys.map(({ env }) => env);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => /_(PORT|SERVICE_HOST)$|_PORT_|_SERVICE_PORT/.test(name))).toEqual([]);
  });

  test.each(configKeys)('sets $name', (key) => {
    const [text, value] = sample(key);
    const { config, origins } = good({ env: { [key.env]: text } });
    expect(key.path.reduce<unknown>((holder, word) => (holder as Record<string, unknown>)[word], config)).toEqual(
      value,
    );
    expect(origins.get(key.name)).toEqual({ kind: 'env', name: key.env });
  });

  test('takes lists and mappings as JSON too', () => {
    const env = { CREANCE_ALERT_ALERTMANAGERS: '["http://a/?x=1,2"]', CREANCE_ALERT_EXTERNAL_LABELS: '{"a":"b,c"}' };
    const { alert } = good({ env }).config;
    expect([alert.alertmanagers, alert.externalLabels]).toEqual([['http://a/?x=1,2'], { a: 'b,c' }]);
  });

  test('may hold what Kubernetes sets for a Service of our name', () => {
    const env = {
      CREANCE_SERVICE_HOST: '10.0.0.1',
      CREANCE_SERVICE_PORT_METRICS: '9376',
      CREANCE_PORT: 'tcp://10.0.0.1:9376',
      CREANCE_RELAY_PORT_5060_TCP_ADDR: '10.0.0.1',
    };
    expect(message({ env })).toBe('ok');
    expect(message({ env: { CREANCE_SERVER_PORT: '9376' } })).toContain('CREANCE_SERVER_PORT: is not a known variable');
  });
});

/** Text for the environment and the value that it stands for; one that is not the default. */
const sample = ({ name, schema }: Key): readonly [string, unknown] => {
  const own: Readonly<Record<string, string>> = {
    store: 'memory:',
    'server.listen': '[::1]:80',
    'source.http.path': '/s',
  };
  const text = own[name];
  if (text !== undefined) return [text, text];
  if (schema.enum) return [String(schema.enum.at(-1)), schema.enum.at(-1)];
  if (schema.type === 'boolean') return schema.default ? ['0', false] : ['true', true];
  if (schema.type === 'integer') return [String(Number(schema.default ?? 0) + 1), Number(schema.default ?? 0) + 1];
  if (schema.type === 'number') return [String(schema.default ?? 1), schema.default ?? 1];
  if (schema.type === 'array') {
    const item = schema.items?.format === 'uri' ? 'http://a' : (schema.items?.enum?.[0] ?? 'a');
    return [`${item},${item}`, [item, item]];
  }
  if (schema.type === 'object') return ['a=b,c=d', { a: 'b', c: 'd' }];
  return schema.format === 'uri' ? ['http://a', 'http://a'] : ['x', 'x'];
};

describe('what is printed', () => {
  test('says where each value that is no default came from', () => {
    const loaded = good({
      file: 'good.yaml',
      env: { CREANCE_LOG_LEVEL: 'debug' },
      flags: [{ flag: '--set', key: 'source.url', value: '-' }],
    });
    const lines = printConfig(loaded).split('\n');
    expect(lines.filter((line) => line.includes('#')).map((line) => line.trim())).toMatchInlineSnapshot(`
      [
        "store: "memory:" # good.yaml:2",
        "graceMs: 5000 # good.yaml:1",
        "url: "-" # flag --set",
        "minPollMs: 20 # good.yaml:4",
        "externalLabels: {cluster: a} # good.yaml:6",
        "level: debug # env CREANCE_LOG_LEVEL",
      ]
    `);
  });

  test('holds no secret', () => {
    const env = {
      CREANCE_STORE: 'redis://me:hunter2/x@redis:6379/0',
      CREANCE_ALERT_ALERTMANAGERS: 'http://me:hunter2@am:9093,http://hunter2@am:9093/?token=hunter2',
      CREANCE_ALERT_EXTERNAL_LABELS: 'cluster=ghp_hunter2hunter2hunter2hunter2hunter2',
    };
    expect(printConfig(good({ env }))).not.toContain('hunter2');
    expect(printConfig(good({ env }))).toContain('redis://[redacted]@redis:6379/0');
  });
});

test('the schema refuses unknown keys, and tells defaults and meanings', () => {
  expect(configJsonSchema()).toMatchObject({
    additionalProperties: false,
    properties: {
      graceMs: { default: 20_000, type: 'integer', description: expect.stringContaining('milliseconds') },
      alert: { properties: { alertmanagers: { items: { format: 'uri', pattern: '^(dnssrv\\+)?https?:' } } } },
    },
  });
  expect(configKeys.filter(({ schema }) => !schema.description).map(({ name }) => name)).toEqual([]);
});

test('the reference page is fresh', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/reference/config.md'), 'utf8');
  expect(page === configReference(), 'docs/reference/config.md is stale: run npm run docs').toBe(true);
});
