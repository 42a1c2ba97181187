import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createRegistry } from '../../src/platform/metrics.ts';
import { sourceConfig } from '../../src/source/config.ts';
import { checkConnection, checkRelease, connectedRelease } from '../../src/source/doctor/connection.ts';
import { checkFalcoConfig } from '../../src/source/doctor/falco-config.ts';
import { parseRelease } from '../../src/source/doctor/release.ts';
import { createSourceMetrics } from '../../src/source/metrics.ts';

const FIXTURES = 'test/source/fixtures/falco';

/** Each fixture says in its first lines how it is read and what is to be found: one mistake, and nothing else. */
const cases = readdirSync(FIXTURES).map((name) => {
  const text = readFileSync(join(FIXTURES, name), 'utf8');
  const [source = '', falco = '', finds = ''] = text.split('\n', 3).map((line) => line.replace(/^# \w+: /, ''));
  return { name, text, url: source, falco, finds: finds === 'nothing' ? [] : finds.split(', ') };
});
const check = ({ name, text, url, falco }: (typeof cases)[number], http: object = {}) =>
  checkFalcoConfig(name, text, sourceConfig.parse({ url, http }), parseRelease(falco));
const fixture = (name: string) => cases.find((one) => one.name === name) as (typeof cases)[number];

describe('a falco.yaml', () => {
  test.each(cases)('$name', (one) => {
    const found = check(one).filter(({ status }) => status === 'problem' || status === 'warning');
    expect(found.map(({ status, name }) => `${status} ${name}`)).toEqual(one.finds);
    for (const { fix, detail } of found) expect([fix, detail].every((text) => text && text.length > 0)).toBe(true);
  });

  test.each(cases.filter(({ finds }) => finds.length > 0))('$name: what to write instead is YAML', (one) => {
    for (const { fix = '', name } of check(one)) {
      const yaml = fix.split('\n').filter((line) => /^\s*[\w-]+:( |$)|^ +-/.test(line));
      if (yaml.length > 0 && name !== 'source.url' && name !== 'grpc')
        expect(() => parse(yaml.join('\n'))).not.toThrow();
    }
  });

  test('never shows a path, which may be a secret', () => {
    const text = JSON.stringify(check(fixture('http-other-path.yaml')));
    expect(text).not.toContain('s3cret');
    expect(JSON.stringify(check(fixture('http-off.yaml'), { path: '/s3cret' }))).not.toContain('s3cret');
  });

  test('is held against the certificates that we demand and show', () => {
    const tls = { cert: 'a.crt', key: 'a.key', ca: 'ca.crt' };
    const good = fixture('good-http.yaml');
    const https = { ...good, text: good.text.replace('url: http:', 'url: https:') };
    const statusOf = (one: typeof good, http: object) =>
      check(one, http)
        .filter(({ status }) => status === 'problem' || status === 'warning')
        .map(({ status, name }) => `${status} ${name}`);
    expect(statusOf(good, { tls })).toEqual(['problem http_output.url', 'problem http_output.mtls']);
    expect(statusOf(https, { tls: { cert: 'a.crt', key: 'a.key' } })).toEqual([]);
    const insecure = { ...https, text: https.text.replace('keep_alive', 'insecure: true\n  keep_alive') };
    expect(statusOf(insecure, { tls: { cert: 'a.crt', key: 'a.key' } })).toEqual(['warning http_output.insecure']);
    const mutual = {
      ...https,
      text: https.text.replace('keep_alive', 'mtls: true\n  client_cert: c\n  client_key: k\n  keep_alive'),
    };
    expect(statusOf(mutual, { tls })).toEqual([]);
  });
});

test.each([
  ['0.43.1', 43],
  ['v0.44', 44],
  ['0.43.0-rc1', 43],
  ['', undefined],
  ['latest', undefined],
  ['1.0.0', undefined],
])('release %j', (text, minor) => {
  expect(parseRelease(text)?.minor).toBe(minor);
});

test('the release is what the source was told', async () => {
  const registry = createRegistry();
  expect(await connectedRelease(registry)).toBeUndefined();
  createSourceMetrics(registry).falco.set({ version: '0.43.1', engine_version: '0.58.0', transport: 'grpc' }, 1);
  expect(checkRelease(await connectedRelease(registry))).toMatchObject([{ status: 'ok' }]);
  expect(checkRelease(parseRelease('0.39.2'))).toMatchObject([{ status: 'warning' }]);
  expect(checkRelease(undefined)).toEqual([]);
});

describe('the connection', () => {
  const [down, up] = [
    { ready: false, detail: 'there is no socket' },
    { ready: true, detail: 'connected to Falco' },
  ];
  test.each([
    ['that came about', { health: [down, up, down] }, 'ok', 'connected to Falco'],
    ['that did not', { health: [down] }, 'problem', 'there is no socket'],
    ['of which nothing is known', { health: [] }, 'problem', 'no connection came about in time'],
    ['that failed for good', { health: [up], failure: 'port taken' }, 'problem', 'port taken'],
  ])('%s', (_, connection, status, detail) => {
    expect(checkConnection('unix:///run/falco/falco.sock', connection)).toMatchObject({ status, detail });
  });

  test('does not show the path of a receiver', () => {
    expect(JSON.stringify(checkConnection('http://127.0.0.1:1/s3cret', { health: [] }))).not.toContain('s3cret');
  });
});
