import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alertmanagerSinks } from '../../../src/alert/alertmanager.ts';
import { alertConfig } from '../../../src/alert/config.ts';
import { checkAlertmanagers } from '../../../src/alert/doctor.ts';
import type { Sink } from '../../../src/alert/sink.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createRegistry, type Registry } from '../../../src/platform/metrics.ts';
import { expectCounted, expectLog, fault } from '../../faults/fault.ts';
import { createAuthority } from '../../support/certificates.ts';
import { describeWithServer, type Server, startAlertmanager } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { Stub, status } from '../stub.ts';
import { anAlert } from '../timeline.ts';

const folder = mkdtempSync(join(tmpdir(), 'creance-secure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};

let sinks: readonly Sink[] = [];
let log: { msg: string; level: number; reason?: string }[] = [];
let delivered = 0;
let registry: Registry;
const open = (url: string, http: object): Sink => {
  log = [];
  delivered = 0;
  const logger = pino({ level: 'info' }, { write: (line) => log.push(JSON.parse(line)) });
  const config = alertConfig.parse({ alertmanagers: [url], http, resendMs: 600 });
  registry = createRegistry();
  sinks = alertmanagerSinks(config, { log: logger, clock: systemClock, registry });
  const [sink] = sinks as [Sink];
  sink.open(({ outcome, count }) => {
    if (outcome === 'delivered') delivered += count;
  });
  return sink;
};
afterEach(async () => {
  for (const sink of sinks) await sink.close(0);
  sinks = [];
});

describe('credentials', () => {
  let stub: Stub;
  beforeEach(async () => {
    stub = await new Stub().start();
  });
  afterEach(() => stub.stop());

  it('gives a token, and the new one once the file has changed', async () => {
    const sink = open(stub.url, { bearerTokenFile: file('token', 'first\n') });
    sink.take(anAlert('a'));
    await until(() => delivered === 1);
    file('token', 'second\n');
    sink.take(anAlert('b'));
    await until(() => delivered === 2);
    expect(stub.requests.slice(0, 2).map(({ authorization }) => authorization)).toEqual([
      'Bearer first',
      'Bearer second',
    ]);
  });

  it('goes on with the TLS files that it has where the renewed ones cannot be used', async () => {
    const row = fault('certificate-unusable');
    const { ca } = createAuthority();
    const path = file('renewed.pem', readFileSync(ca, 'utf8'));
    const sink = open(stub.url, { tls: { ca: path } });
    sink.take(anAlert('a'));
    await until(() => delivered === 1);
    file('renewed.pem', 'not a certificate, and of another length');
    sink.take(anAlert('b'));
    await until(() => delivered === 2 - row.lost.count);
    file('renewed.pem', `${readFileSync(ca, 'utf8')}\n`);
    sink.take(anAlert('c'));
    await until(() => delivered === 3 - row.lost.count);
    expectLog(row, log);
    expectCounted(row, await registry.metrics());
  });

  it('gives a name and the password of a file, which may hold anything but the line end', async () => {
    open(stub.url, { basicAuth: { user: 'bob', passwordFile: file('password', 'pass word:ü\n') } }).take(anAlert('a'));
    await until(() => delivered === 1);
    expect(stub.requests[0]?.authorization).toBe(`Basic ${Buffer.from('bob:pass word:ü').toString('base64')}`);
  });

  it('lets alerts wait for a file that is not there yet, and names setting and file', async () => {
    const row = fault('credentials-missing');
    const path = join(folder, 'late');
    open(stub.url, { bearerTokenFile: path }).take(anAlert('a'));
    await until(() => log.length > 0);
    expect(log[0]?.reason).toBe(`alert.http.bearerTokenFile: ${path} can't be read (ENOENT)`);
    expect(stub.requests).toHaveLength(0);
    file('late', 'token');
    await until(() => delivered === 1 - row.lost.count);
    expectLog(row, log);
    expectCounted(row, await registry.metrics());
  });

  it('never sends or logs what is no token', async () => {
    open(stub.url, { bearerTokenFile: file('bad', 'two words\r\nx-evil: 1') }).take(anAlert('a'));
    await until(() => log.length > 0);
    expect(JSON.stringify(log)).not.toContain('evil');
  });

  it('adds the configured headers', async () => {
    let seen: unknown;
    stub.always = (response, request) => {
      seen = request.headers['x-scope-orgid'];
      status(200)(response, request);
    };
    open(stub.url, { headers: { 'X-Scope-OrgID': 'tenant-1' } }).take(anAlert('a'));
    await until(() => delivered === 1);
    expect(seen).toBe('tenant-1');
  });

  it.each([
    [{ headers: { Authorization: 'x' } }, /credentials belong in a file/],
    [{ headers: { 'x-a': 'b\r\nc: d' } }, /printable/],
    [{ basicAuth: { passwordFile: '/p' }, bearerTokenFile: '/t' }, /exclude each other/],
  ])('refuses %j', (http, message) => {
    expect(alertConfig.safeParse({ http }).error?.message).toMatch(message);
  });
});

describe('the proxy of the environment', () => {
  it('is used where it is asked for, and not for what NO_PROXY names', async () => {
    const stub = await new Stub().start();
    const tunnels: string[] = [];
    const proxy = createServer().listen(0, '127.0.0.1');
    proxy.on('connect', ({ url = '' }, socket) => {
      tunnels.push(url);
      const upstream = connect((new URL(stub.url).port as unknown as number) | 0, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [upstream, socket]) end.on('error', () => {});
    });
    await until(() => proxy.listening);
    const before = { ...process.env };
    try {
      Object.assign(process.env, { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
      delete process.env.http_proxy;
      process.env.no_proxy = '127.0.0.1';
      // Only the proxy can find the way to this name.
      open('http://alertmanager.invalid:9093', { proxyFromEnvironment: true }).take(anAlert('a'));
      await until(() => delivered === 1);
      expect(tunnels).toEqual(['alertmanager.invalid:9093']);
      await sinks[0]?.close(0);
      open(stub.url, { proxyFromEnvironment: true }).take(anAlert('b'));
      await until(() => delivered === 1);
      expect(tunnels).toHaveLength(1);
    } finally {
      process.env = before;
      await sinks[0]?.close(0);
      proxy.close();
      await stub.stop();
    }
  });
});

describeWithServer('prometheus-alertmanager', 'a real Alertmanager that demands certificates', () => {
  const authority = createAuthority();
  const own = authority.issue('alertmanager');
  const client = authority.issue('client');
  let server: Server;
  beforeAll(async () => {
    server = await startAlertmanager({
      web: `tls_server_config: { cert_file: ${own.cert}, key_file: ${own.key}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ${authority.ca} }\n`,
    });
  });
  afterAll(() => server?.dispose());

  it('takes alerts of one who has one, and doctor finds it well', async () => {
    const http = { tls: { ca: authority.ca, ...client } };
    open(server.url, http).take(anAlert('mutual'));
    await until(() => delivered === 1);
    const checks = await checkAlertmanagers(alertConfig.parse({ alertmanagers: [server.url], http }), systemClock);
    expect(checks.map(({ status: outcome }) => outcome)).toEqual(['ok']);
    const pem = ['--cacert', authority.ca, '--cert', client.cert, '--key', client.key];
    const held = execFileSync('curl', ['-s', ...pem, `${server.url}/api/v2/alerts`], { encoding: 'utf8' });
    expect(held).toContain('mutual');
  });

  it('gets none from one who has none, who takes a certificate that comes later into use', async () => {
    const [cert, key] = [join(folder, 'c.crt'), join(folder, 'c.key')];
    open(server.url, { tls: { ca: authority.ca, cert, key } }).take(anAlert('later'));
    await until(() => log.length > 0);
    expect(log[0]?.reason).toMatch(/alert\.http\.tls\.cert: .*c\.crt does not exist/);
    copyFileSync(client.key, key);
    copyFileSync(client.cert, cert);
    await until(() => delivered === 1);
  });

  it('says what is missing where only half of a pair is named', async () => {
    open(server.url, { tls: { cert: client.cert } }).take(anAlert('half'));
    await until(() => log.length > 0);
    expect(log[0]?.reason).toBe('alert.http.tls.key must be set: name PEM files');
  });

  it('is not believed without the authority that signed it', async () => {
    open(server.url, { tls: client }).take(anAlert('unknown'));
    await until(() => log.length > 0);
    expect(log[0]?.reason).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN/);
    expect(delivered).toBe(0);
  });
});
