import { afterEach, expect, it } from 'vitest';
import { describeWithServer, type Server, startAlertmanager, startRedis } from './servers.ts';
import { until } from './until.ts';

let server: Server | undefined;
afterEach(async () => {
  await server?.dispose();
  server = undefined;
});

const isUp = (url: string) =>
  fetch(url).then(
    () => true,
    // A server that speaks no HTTP still answers.
    (error) => error.cause?.code !== 'ECONNREFUSED',
  );

const aRealServer = (start: () => Promise<Server>) => async () => {
  server = await start();
  const { port } = server;
  const url = `http://127.0.0.1:${port}`;
  for (const end of [server.stop, server.kill]) {
    expect(await isUp(url)).toBe(true);
    await end();
    expect(await isUp(url)).toBe(false);
    await server.start();
  }
  expect(server.port).toBe(port);
  expect(server.output()).not.toBe('');
};

describeWithServer('redis-server', 'a real Redis', () => {
  it('stops, dies and starts again on its port', aRealServer(startRedis));
});

describeWithServer('prometheus-alertmanager', 'a real Alertmanager', () => {
  it('stops, dies and starts again on its port', aRealServer(startAlertmanager));
});

it('until tells what never came to pass', async () => {
  await expect(until(() => false, { timeoutMs: 1 })).rejects.toThrow('not so within 1 ms');
  await expect(until(() => Promise.reject(new Error('why')), { timeoutMs: 1 })).rejects.toThrow('why');
});
