import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadSettings } from '../../src/platform/settings.ts';
import { expectation } from '../../src/platform/settings-expectation.ts';
import { describeSettings } from '../../src/platform/settings-key.ts';
import { nearest } from '../../src/platform/settings-nearest.ts';
import { printSettings } from '../../src/platform/settings-print.ts';
import { problemMessage } from '../../src/platform/settings-problem.ts';
import { settingsReference } from '../../src/platform/settings-reference.ts';
import { valueFromText } from '../../src/platform/settings-text.ts';

const description = describeSettings(
  z.strictObject({
    window: z
      .strictObject({ minMs: z.int().positive().default(1), maxMs: z.int().positive().default(10) })
      .refine(({ minMs, maxMs }) => minMs <= maxMs, { path: ['minMs'], error: 'must be at most window.maxMs' })
      .prefault({})
      .describe('How long | how short.'),
    ratio: z.number().gt(0).max(1).default(0.5),
    pathSecret: z.string().optional(),
    hidden: z.string().default('open sesame').meta({ writeOnly: true }),
    level: z.union([z.int(), z.enum(['low', 'high'])]).default('low'),
    needed: z.string(),
  }),
  'PROBE',
);

const load = (text: string, env: Record<string, string> = {}) =>
  loadSettings(description, { file: { name: 'probe.yaml', text }, env, flags: [] });

const told = (text: string, env: Record<string, string> = {}) => {
  const loaded = load(text, env);
  return loaded.ok ? 'ok' : problemMessage(loaded.problems);
};

test('a rule between keys is told where the one was set that broke it', () => {
  const rule = 'window.minMs must be at most window.maxMs';
  expect(told('needed: x\nwindow:\n  minMs: 20\n')).toContain(`probe.yaml:3:10: ${rule}, not 20`);
  expect(told('needed: x\n', { PROBE_WINDOW_MIN_MS: '20' })).toContain(`PROBE_WINDOW_MIN_MS: ${rule}, not 20`);
});

test('a value that is missing is told', () => {
  expect(told('')).toBe('the configuration has a problem:\n  probe.yaml:1:1: needed must be text');
});

test('a secret is never told', () => {
  expect(told('needed: x\npathSecret: [hunter2]\nhidden: 5\n')).not.toMatch(/hunter2|5;|not 5/);
  const loaded = load('needed: x\npathSecret: hunter2\nhidden: hunter2\n');
  if (!loaded.ok) throw new Error('not ok');
  const printed = printSettings(description, loaded.value, loaded.origins);
  expect(printed).not.toContain('hunter2');
  expect(printed).toContain('pathSecret: "[redacted]" # probe.yaml:2\n');
});

test('a section in the way of a variable is told, not replaced', () => {
  expect(told('needed: x\nwindow: wide\n', { PROBE_WINDOW_MIN_MS: '2' })).toContain(
    'probe.yaml:2:9: window must be a mapping of keys, not "wide"',
  );
});

test('the reference page holds its tables together', () => {
  expect(settingsReference(description)).toContain('How long | how short.\n');
  const rows = settingsReference(description)
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows.map((line) => line.replaceAll('\\|', '').split('|').length)).toEqual(rows.map(() => 7));
});

describe('text of a variable or a flag', () => {
  const list = { type: 'array', items: { type: 'integer' } };
  const record = { type: 'object', additionalProperties: { type: 'integer' } };
  test.each([
    ['', { type: 'string' }, ''],
    ['a,b', { type: 'string' }, 'a,b'],
    ['12', { type: 'string' }, '12'],
    ['12', { type: 'integer' }, 12],
    ['-1.5', { type: 'number' }, -1.5],
    ['0x10', { type: 'integer' }, '0x10'],
    ['1e3', { type: 'number' }, '1e3'],
    ['', { type: 'integer' }, ''],
    ['1', { type: 'boolean' }, true],
    ['false', { type: 'boolean' }, false],
    ['True', { type: 'boolean' }, 'True'],
    ['', list, []],
    ['1, 2', list, [1, 2]],
    ['[1,2]', list, [1, 2]],
    ['[1,', list, '[1,'],
    ['', record, {}],
    ['a=1,b=2', record, { a: 1, b: 2 }],
    ['{"a":1}', record, { a: 1 }],
    ['a=1,a=2', record, 'a=1,a=2'],
    ['a', record, 'a'],
    ['=1', record, '=1'],
    ['5', { anyOf: [] }, 5],
    ['low', { anyOf: [] }, 'low'],
  ])('%j as %j', (text, schema, value) => {
    expect(valueFromText(text, schema)).toEqual(value);
  });
});

test.each([
  [z.int().min(2).max(5), 'a whole number from 2 to 5'],
  [z.number().gt(0).max(1), 'a number above 0 to 1'],
  [z.union([z.int(), z.enum(['low', 'high'])]), 'a whole number, or one of `low`, `high`'],
  [z.literal('a'), '`a`'],
  [z.array(z.string().min(1)), 'a list, each text that is not empty'],
  [z.record(z.string(), z.boolean()), 'a mapping of names to `true` or `false`'],
  [z.array(z.strictObject({ a: z.string() })), 'a list, each a mapping of keys'],
])('what a value must be, in words: %#', (schema, words) => {
  expect(expectation(describeSettings(z.strictObject({ key: schema }), 'X').json.properties?.key ?? {})).toBe(words);
});

test.each([
  ['grcp', ['grpc', 'http'], 'grpc'],
  ['warning', ['info', 'warn'], 'warn'],
  ['minPolMs', ['maxPollMs', 'minPollMs'], 'minPollMs'],
  ['xx', ['ca', 'url'], undefined],
])('nearest to %s of %j is %s', (name, known, near) => {
  expect(nearest(name, known)).toBe(near);
});
