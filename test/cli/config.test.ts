import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { capture } from './capture.ts';

const FIXTURES = join(import.meta.dirname, '../config/fixtures');

const creance = async (line: string, env: Record<string, string> = {}) => {
  const { io, written } = capture({ cwd: FIXTURES, env: { HOME: '/nowhere', ...env } });
  const code = await run(line.split(' '), io);
  return { code, ...written };
};

describe('creance config check', () => {
  test('says which file is used', async () => {
    expect(await creance('config check')).toMatchObject({ code: 0, out: 'no configuration file: ok\n', err: '' });
    expect(await creance('config check --config good.yaml')).toMatchObject({
      code: 0,
      out: 'good.yaml: ok\n',
      err: '',
    });
    expect(await creance('config check', { CREANCE_CONFIG: 'good.yaml' })).toMatchObject({
      code: 0,
      out: 'good.yaml: ok\n',
    });
  });

  test('tells everything that is wrong, on standard error', async () => {
    const { code, out, err } = await creance('config check --config many.yaml --set nothing=1 --store redis');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatchInlineSnapshot(`
      "creance: the configuration has 4 problems:
        many.yaml:1:1: sourcs is not a known key; did you mean source?
        many.yaml:3:10: log.level must be one of \`trace\`, \`debug\`, \`info\`, \`warn\`, \`error\`, \`fatal\`, \`silent\`, not "loud"
        --set: nothing is not a known key; known here: store, graceMs, source, process, action, detect, alert, server, log
        --store: store must be \`memory:\`, \`file:DIR\`, \`redis://HOST:PORT/DB\` or \`rediss://HOST:PORT/DB\`, not "redis"
      "
    `);
  });

  test('takes the common options before and after the command', async () => {
    expect(await creance('--config good.yaml config check')).toMatchObject({ code: 0, out: 'good.yaml: ok\n' });
    expect(await creance('config --config good.yaml check')).toMatchObject({ code: 0, out: 'good.yaml: ok\n' });
  });
});

test('creance config print shows what is in force', async () => {
  const { code, out } = await creance(
    'config print --config good.yaml --log-level debug --set alert.externalLabels=a=b,c=d=e',
  );
  expect(code).toBe(0);
  expect(out).toContain('graceMs: 5000 # good.yaml:1\n');
  expect(out).toContain('  level: debug # flag --log-level\n');
  expect(out).toContain('  externalLabels: {a: b, c: d=e} # flag --set\n');
});

test('creance config schema prints JSON', async () => {
  const { code, out } = await creance('config schema');
  expect([code, JSON.parse(out).type]).toEqual([0, 'object']);
});

test('creance config reference prints the page', async () => {
  expect((await creance('config reference')).out).toMatch(/^# Configuration\n/);
});
