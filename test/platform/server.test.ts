import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { serverConfig } from '../../src/platform/config.ts';
import { Health } from '../../src/platform/health.ts';
import { createLog } from '../../src/platform/log.ts';
import { Counter, createRegistry } from '../../src/platform/metrics.ts';
import { type RunningServer, startServer } from '../../src/platform/server.ts';

const open: RunningServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const start = async (config: Record<string, unknown> = {}) => {
  const state = { live: true };
  const registry = createRegistry();
  const health = new Health(createLog({ level: 'silent', format: 'json' }));
  const parsed = serverConfig.parse({ listen: '127.0.0.1:0', ...config });
  const server = await startServer({ config: parsed, registry, health, live: () => state.live });
  open.push(server);
  return {
    server,
    state,
    registry,
    health,
    get: (path: string, init?: RequestInit) => fetch(server.address + path, init),
  };
};

test('/livez follows the pipeline', async () => {
  const { get, state } = await start();
  expect((await get('/livez')).status).toBe(200);
  state.live = false;
  expect((await get('/livez')).status).toBe(503);
});

test('/readyz follows the parts', async () => {
  const { get, health } = await start();
  expect((await get('/readyz')).status).toBe(503);
  health.set('source', true, 'connected');
  const ready = await get('/readyz?verbose');
  expect([ready.status, ready.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await ready.json()).toEqual({ ready: true, components: { source: { ready: true, detail: 'connected' } } });
});

test('/readyz/PART follows one part alone', async () => {
  const { get, health } = await start();
  health.set('source', true, 'connected');
  health.set('baseline', false, 'cannot be read');
  expect((await get('/readyz')).status).toBe(503);
  const source = await get('/readyz/source');
  expect([source.status, await source.text()]).toEqual([200, 'connected\n']);
  expect((await get('/readyz/baseline')).status).toBe(503);
  for (const path of ['/readyz/', '/readyz/nothing', '/readyz/constructor', '/readyz/source/'])
    expect((await get(path)).status).toBe(404);
});

test('/metrics is what Prometheus reads', async () => {
  const { get, registry } = await start();
  new Counter({ name: 'creance_probe_total', help: 'Probes.', registers: [registry] }).inc();
  const metrics = await get('/metrics');
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await metrics.text()).toContain('creance_probe_total 1\n');
});

test('metrics that cannot be collected are a 500, not a crash', async () => {
  const { get, registry } = await start();
  const collect = () => {
    throw new Error('no');
  };
  new Counter({ name: 'creance_probe_total', help: 'Probes.', registers: [registry], collect });
  expect((await get('/metrics')).status).toBe(500);
  expect((await get('/livez')).status).toBe(200);
});

test('only GET and HEAD, only what is there', async () => {
  const { get } = await start();
  expect((await get('/')).status).toBe(404);
  expect((await get('/constructor')).status).toBe(404);
  const head = await get('/livez', { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  const post = await get('/livez', { method: 'POST', body: 'x'.repeat(100_000) });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('an address that is taken says so, and what to do', async () => {
  const { server } = await start();
  const { host } = new URL(server.address);
  await expect(start({ listen: host })).rejects.toThrow(
    `server.listen ${host} is taken by another process; choose another port, or 0 for any`,
  );
});

test('an address of somebody else says so', async () => {
  await expect(start({ listen: '192.0.2.1:0' })).rejects.toThrow('is not an address of this machine');
});

test('a client that sends nothing does not hold up the close', async () => {
  const { server } = await start();
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  const gone = new Promise((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('connect', resolve));
  await server.close();
  await gone;
});

test('connections are bounded', async () => {
  const { server } = await start({ maxConnections: 1 });
  const { hostname, port } = new URL(server.address);
  const first = connect(Number(port), hostname);
  await new Promise((resolve) => first.once('connect', resolve));
  const second = connect(Number(port), hostname);
  await new Promise((resolve) => second.once('close', resolve));
  first.destroy();
});
