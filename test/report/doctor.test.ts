import { expect, test } from 'vitest';
import { type Check, checksOf } from '../../src/model/check.ts';
import { checksJson, hasProblem, renderChecks } from '../../src/report/doctor.ts';

const falco = checksOf('falco.yaml');
const store = checksOf('store');

const CHECKS: readonly Check[] = [
  store.ok('file:/var/lib/creance', 'can be read and written'),
  falco.problem('json_output', 'is off', 'json_output: true\nhttp_output:\n  enabled: true'),
  falco.warning('priority', 'info', 'priority: debug'),
  falco.skipped('rules_files', 'cannot be told'),
];

test('by area, with the mend below each finding', () => {
  expect(renderChecks(CHECKS, false)).toBe(
    [
      'falco.yaml',
      '  ✗ json_output: is off',
      '      json_output: true',
      '      http_output:',
      '        enabled: true',
      '  ! priority: info',
      '      priority: debug',
      '  – rules_files: cannot be told',
      '',
      'store',
      '  ✓ file:/var/lib/creance: can be read and written',
      '',
      '1 ok, 1 warning, 1 problem, 1 skipped',
      '',
    ].join('\n'),
  );
});

test('nothing that a falco.yaml or a server says steers the terminal or tells a secret', () => {
  const hostile = falco.problem('url', 'http://x/\u001b[2J\u202e\nforged: ok', 'url: http://user:hunter2@host/\r');
  const text = renderChecks([hostile], false);
  expect(text).not.toMatch(/[\u001b\u202e\r]/);
  expect(text).not.toContain('hunter2');
  expect(text.split('\n').some((line) => line.startsWith('forged'))).toBe(false);
});

test('JSON says at once whether it will work', () => {
  expect(JSON.parse(checksJson(CHECKS))).toEqual({ ok: false, checks: CHECKS });
  expect(hasProblem(CHECKS.slice(2))).toBe(false);
});
