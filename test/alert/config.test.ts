import { expect, it } from 'vitest';
import { alertConfig } from '../../src/alert/config.ts';

it.each([
  [{ externalLabels: { severity: 'page' } }, /label that alerts have of their own/],
  [{ externalLabels: { 'a-b': 'x' } }, /a-b|Invalid key/],
  [{ externalLabels: { cluster: '' } }, /externalLabels/],
  [{ alertmanagers: ['ftp://am'] }, /alertmanagers/],
  [{ alertmanager: [] }, /alertmanager/],
  [{ minSeverity: 'loud' }, /minSeverity/],
])('refuses %j', (config, message) => {
  const { error } = alertConfig.safeParse(config);
  expect(error?.message).toMatch(message);
});

it('has a default for everything', () => {
  expect(alertConfig.parse(undefined)).toMatchObject({ alertmanagers: [], minSeverity: 'warning', externalLabels: {} });
});
