import { expect, test } from 'vitest';
import { loadConfig, printConfig } from '../../src/config.ts';

test('the path that Falco posts to is a secret and never printed', () => {
  const flags = [{ flag: '--set', key: 'source.http.path', value: '/s3cret' }];
  const loaded = loadConfig({ env: { HOME: '/nowhere' }, flags, cwd: '/' });
  if (!loaded.ok) throw new Error(loaded.message);
  expect(loaded.config.source.http.path).toBe('/s3cret');
  const shown = printConfig(loaded);
  expect(shown).toContain('path: "[redacted]"');
  expect(shown).not.toContain('s3cret');
});
