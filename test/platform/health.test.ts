import { expect, test } from 'vitest';
import { Health } from '../../src/platform/health.ts';
import { createLog } from '../../src/platform/log.ts';

const start = () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', format: 'json' }, { write: (line) => void lines.push(line) });
  const told = () => lines.map((line) => JSON.parse(line)).map(({ level, component, msg }) => [level, component, msg]);
  return { health: new Health(log), told };
};

test('is ready when there are parts and all are ready', () => {
  const { health } = start();
  expect(health.ready()).toBe(false);
  health.set('source', true, 'connected');
  expect(health.ready()).toBe(true);
  health.set('store', false, 'connecting');
  expect(health.report()).toEqual({
    ready: false,
    components: { source: { ready: true, detail: 'connected' }, store: { ready: false, detail: 'connecting' } },
  });
  health.remove('store');
  expect(health.ready()).toBe(true);
});

test('logs each change once', () => {
  const { health, told } = start();
  health.set('source', false, 'connecting');
  health.set('source', false, 'connecting, second attempt');
  health.set('source', true, 'connected');
  health.set('source', true, 'connected');
  health.set('source', false, 'refused');
  expect(told()).toEqual([
    [30, 'source', 'not ready'],
    [30, 'source', 'ready'],
    [40, 'source', 'not ready'],
  ]);
});
