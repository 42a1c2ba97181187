import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { LogConfig } from '../../src/platform/config.ts';
import { createLog, type Logger } from '../../src/platform/log.ts';

const logged = (write: (log: Logger) => void, config: Partial<LogConfig> = {}, isTTY = false) => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  write(createLog({ level: 'info', format: 'auto', ...config }, Object.assign(destination, { isTTY })));
  return lines.join('');
};

test('a line is JSON with the time, and without host and pid', () => {
  const line = JSON.parse(logged((log) => log.info({ component: 'source' }, 'connected')));
  expect(line).toEqual({
    level: 30,
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    component: 'source',
    msg: 'connected',
  });
});

test('secrets stay out, by name', () => {
  const text = logged((log) => log.info({ password: 'hunter2', redis: { token: 'hunter2' } }, 'hello'));
  expect(text).not.toContain('hunter2');
});

test('secrets stay out, by shape, wherever they stand, and the line stays JSON', () => {
  const token = `ghp_${'a1'.repeat(20)}`;
  const text = logged((log) => {
    log
      .child({ url: `redis://me:hunter2@redis` })
      .error({ err: new Error(`refused "password=hunter2"`) }, `tried ${token}`);
  });
  expect(text).not.toMatch(/hunter2|a1a1/);
  const line = JSON.parse(text);
  expect(line.url).toBe('redis://me:[redacted]@redis');
  expect(line.err.message).toContain('password=[redacted]');
  expect(line.err.stack).toContain('log.test.ts');
});

test('hostile text cannot begin a line of its own', () => {
  expect(logged((log) => log.info({ command: 'a\n{"level":60}\u2028' }, 'b\nc')).trimEnd()).not.toContain('\n');
});

test('nothing below the level is written', () => {
  expect(logged((log) => log.info('hello'), { level: 'warn' })).toBe('');
});

test('json stays json on a terminal when it is asked for', () => {
  expect(JSON.parse(logged((log) => log.info('hello'), { format: 'json' }, true)).msg).toBe('hello');
});

test('a terminal gets lines for people, in colours', () => {
  const text = logged((log) => log.info({ component: 'source' }, 'connected'), {}, true);
  expect(text).toMatch(/INFO.*connected/);
  expect(text).toContain('\u001b[');
});

test('pretty without a terminal has no colours, and no secrets either', () => {
  const text = logged((log) => log.info({ url: 'redis://me:hunter2@redis' }, 'connected'), { format: 'pretty' });
  expect(text).toMatch(/INFO: connected\n {4}url: "redis:\/\/me:\[redacted\]@redis"/);
});
