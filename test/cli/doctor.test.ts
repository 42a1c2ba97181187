import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { registerDoctor } from '../../src/cli/doctor.ts';
import { run } from '../../src/cli/run.ts';
import type { Check } from '../../src/model/check.ts';
import { type FalcoDouble, startFalco } from '../support/falco-double.ts';
import { responseOfJson } from '../support/falco-messages.ts';
import { describeWithServer, freePort, type Server, startAlertmanager, startRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { capture } from './capture.ts';

const RECORDING = resolve('test/recordings/learn/claude-b00.jsonl.gz');
const FIXTURES = resolve('test/source/fixtures/falco');
const lines = gunzipSync(readFileSync(RECORDING)).toString().trimEnd().split('\n');
const folder = () => mkdtempSync(join(tmpdir(), 'creance-doctor-'));

/** Runs `creance doctor`, with a store of its own unless told otherwise. */
const start = (...args: readonly string[]) => {
  const { io, written, signals } = capture();
  const store = args.includes('--store') ? [] : ['--store', `file:${folder()}`];
  return { written, signals, code: run(['doctor', ...store, ...args], io, [registerDoctor]) };
};
const diagnose = async (...args: readonly string[]) => {
  const { written, code } = start('--json', ...args);
  const exit = await code;
  const { ok, checks } = JSON.parse(written.out || '{"checks":[]}') as { ok: boolean; checks: readonly Check[] };
  const statusOf = (name: string) => checks.find((check) => check.name === name)?.status;
  return { exit, ok, checks, statusOf, ...written };
};

let falco: FalcoDouble | undefined;
afterEach(() => {
  falco?.dispose();
  falco = undefined;
});

describe('a Falco with gRPC', () => {
  test('that streams telemetry is fine: its release, its kinds and its fields are told', async () => {
    falco = await startFalco();
    falco.push(...lines.map(responseOfJson));
    const { exit, ok, checks, statusOf } = await diagnose('--source', falco.url, '--wait', '1');
    expect([exit, ok]).toEqual([0, true]);
    expect(statusOf('connection')).toBe('ok');
    expect(checks.find(({ name }) => name === 'Falco')?.detail).toMatch(/^0\.43\.1,/);
    expect(checks.find(({ name }) => name === 'kinds')?.detail).toMatch(
      /^came: exec, exit, open-read, open-write, connect/,
    );
    expect(checks.find(({ name }) => name === 'fields')).toMatchObject({ status: 'ok' });
    expect(statusOf('events')).toBe('ok');
  });

  test('that is silent gets a warning, and is asked with --wait 0 as well', async () => {
    falco = await startFalco();
    const { exit, statusOf } = await diagnose('--source', falco.url, '--wait', '0');
    expect([exit, statusOf('connection'), statusOf('events')]).toEqual([0, 'ok', 'warning']);
  });

  test('whose rules are not ours is a problem', async () => {
    falco = await startFalco();
    falco.push(...lines.slice(0, 20).map((line) => responseOfJson(line.replace('"creance",', ''))));
    const { exit, checks } = await diagnose('--source', falco.url, '--wait', '0.5');
    expect(exit).toBe(1);
    expect(checks.find(({ name }) => name === 'events')).toMatchObject({
      status: 'problem',
      detail: '20 events came, none of them of creance’s rules',
    });
  });

  test('whose rules print too little is a problem that names the fields', async () => {
    falco = await startFalco();
    const exec = lines.find((line) => line.includes('"execve"')) as string;
    const event = JSON.parse(exec);
    delete event.output_fields['proc.pid.ts'];
    delete event.output_fields['proc.cwd'];
    falco.push(responseOfJson(JSON.stringify(event)));
    const { exit, checks } = await diagnose('--source', falco.url, '--wait', '0.5');
    expect(exit).toBe(1);
    expect(checks.find(({ name }) => name === 'fields')?.detail).toContain('exec: proc.pid.ts, proc.cwd');
  });

  test('that is not there is a problem, and the rest is looked at all the same', async () => {
    const { exit, statusOf, checks } = await diagnose('--source', 'unix:///nowhere/falco.sock');
    expect(exit).toBe(1);
    expect(statusOf('connection')).toBe('problem');
    expect(checks.find(({ name }) => name === 'connection')?.detail).toContain(
      'there is no socket /nowhere/falco.sock',
    );
    expect(checks.map(({ area }) => area)).toEqual(['source', 'store', 'alertmanager']);
  }, 20_000);

  test('tells its release to what looks through its falco.yaml', async () => {
    falco = await startFalco({ version: { version: '0.44.1', engine_version: '0.60.0' } });
    const config = join(FIXTURES, 'good-grpc.yaml');
    const { exit, checks } = await diagnose('--source', falco.url, '--wait', '0', '--falco-config', config);
    expect(exit).toBe(1);
    expect(checks.filter(({ status }) => status === 'problem').map(({ name }) => name)).toContain('grpc_output');
  });
});

test('the release that will read a falco.yaml may be another than the one that answers', async () => {
  falco = await startFalco();
  const config = join(FIXTURES, 'good-grpc.yaml');
  const args = ['--source', falco.url, '--wait', '0', '--falco-config', config, '--falco-version', '0.44.0'];
  const { checks } = await diagnose(...args);
  expect(checks.find(({ name }) => name === 'grpc')?.detail).toMatch(/^Falco 0\.44\.0 does not start/);
  expect(checks.find(({ name }) => name === 'Falco')?.detail).toMatch(/^0\.43\.1/);
});

test('a Falco with HTTP: doctor listens, and looks at what is posted', async () => {
  const url = `http://127.0.0.1:${await freePort()}/`;
  const config = join(FIXTURES, 'good-http.yaml');
  const { written, code } = start('--source', url, '--wait', '3', '--falco-config', config);
  const post = (body: string) => fetch(url, { method: 'POST', body });
  await until(async () => (await post(lines[0] as string)).status === 202);
  for (const line of lines.slice(1, 400)) await post(line);
  expect(await code).toBe(1); // The port of the falco.yaml is another.
  expect(written.out).toMatch(
    /✗ http_output\.url: http:\/\/127\.0\.0\.1:2801 has port 2801, and creance listens on \d+/,
  );
  expect(written.out).toMatch(/✓ events: 400 events of creance’s rules came/);
  expect(written.out).toContain('✓ connection: listening on http://127.0.0.1:');
});

describe('a file', () => {
  test('of events is read, and no further than it must be', async () => {
    const { exit, statusOf } = await diagnose('--source', RECORDING);
    expect([exit, statusOf('events'), statusOf('fields')]).toEqual([0, 'ok', 'ok']);
  });

  test('of something else is a problem', async () => {
    const path = join(folder(), 'words');
    writeFileSync(path, 'Loading rules\nReady\n');
    const { exit, checks } = await diagnose('--source', path);
    expect(exit).toBe(1);
    expect(checks.filter(({ area }) => area === 'telemetry').map(({ status }) => status)).toEqual([
      'warning',
      'problem',
    ]);
  });

  test('that is not there is one too', async () => {
    const { exit, checks } = await diagnose('--source', '/nowhere/events.jsonl');
    expect(exit).toBe(1);
    expect(checks[0]).toMatchObject({ name: 'connection', detail: expect.stringContaining('there is no such file') });
  });
});

describe('the store', () => {
  test('that cannot be written is a problem', async () => {
    const path = join(folder(), 'taken');
    writeFileSync(path, '');
    const { exit, checks } = await diagnose('--source', RECORDING, '--store', `file:${path}`);
    expect(exit).toBe(1);
    expect(checks.find(({ area }) => area === 'store')).toMatchObject({ status: 'problem', fix: expect.any(String) });
  });

  test('in memory is a warning, a Redis that is not there a problem', async () => {
    expect((await diagnose('--source', RECORDING, '--store', 'memory:')).statusOf('store')).toBe('warning');
    const redis = `redis://127.0.0.1:${await freePort()}/0`;
    const { exit, statusOf } = await diagnose('--source', RECORDING, '--store', redis);
    expect([exit, statusOf(redis)]).toEqual([1, 'problem']);
  });
});

describe('an Alertmanager', () => {
  const answering = async (status: object, suite: (url: string) => Promise<void>) => {
    const server = createServer((request, response) =>
      response.end(request.url === '/-/ready' ? 'OK' : JSON.stringify(status)),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      await suite(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.close();
    }
  };
  const found = async (url: string) =>
    (await diagnose('--source', RECORDING, '--alertmanager', url)).checks
      .filter(({ area }) => area === 'alertmanager')
      .map(({ status, detail }) => `${status} ${detail}`);

  test('that is too old, or none, is a problem', async () => {
    await answering({ versionInfo: { version: '0.21.0' }, cluster: { status: 'disabled' } }, async (url) => {
      expect(await found(url)).toEqual(['problem is 0.21.0, and creance needs 0.22 or later']);
    });
    await answering({ hello: 'world' }, async (url) => {
      expect(await found(url)).toEqual([expect.stringMatching(/^problem does not answer \/api\/v2\/status/)]);
    });
  });

  test.each([
    [[], 'warning none is named: alerts go to standard output only'],
    [['alert.file=/a.jsonl'], 'ok none is named: alerts go to alert.file'],
    [['alert.falco.url=http://f/'], 'ok none is named: alerts go to alert.falco'],
    [
      ['alert.otlp.url=http://o/', 'alert.webhook.url=http://w/', 'alert.file=/a.jsonl'],
      'ok none is named: alerts go to alert.file, alert.webhook, alert.otlp',
    ],
  ])('that is not named is missed where alerts have no other way: %j', async (settings, expected) => {
    const { checks } = await diagnose('--source', RECORDING, ...settings.flatMap((setting) => ['--set', setting]));
    const about = checks.filter(({ area }) => area === 'alertmanager');
    expect(about.map(({ status, detail }) => `${status} ${detail}`)).toEqual([expected]);
  });

  test('of a cluster whose others are not configured is a warning', async () => {
    await answering(
      { versionInfo: { version: '0.28.1' }, cluster: { status: 'ready', peers: [{}, {}, {}] } },
      async (url) => {
        expect(await found(url)).toEqual([
          'ok is ready, 0.28.1',
          expect.stringMatching(/^warning is one of a cluster of 3, of which 1 are configured/),
        ]);
      },
    );
  });
});

describeWithServer('redis-server', 'a real Redis', () => {
  test('that answers is fine, and nothing is left in it', async () => {
    const redis = await startRedis();
    try {
      const { checks } = await diagnose('--source', RECORDING, '--store', `${redis.url}/0`);
      expect(checks.find(({ area }) => area === 'store')).toMatchObject({ status: 'ok' });
    } finally {
      await redis.dispose();
    }
  });
});

describe('usage', () => {
  test.each([
    ['--wait', 'soon'],
    ['--wait', '-1'],
    ['--wait', ''],
    ['extra'],
    ['--falco-config', '/nowhere/falco.yaml'],
    ['--falco-version', 'latest'],
  ])('%s %s is wrong', async (...args) => {
    const { exit, out, err } = await diagnose('--source', RECORDING, ...args);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toMatch(/^creance: /);
  });

  test('a stop ends the waiting', async () => {
    falco = await startFalco();
    const { code, signals } = start('--source', falco.url, '--wait', '3000');
    const { streams } = await until(() => falco?.streams === 1 && falco);
    expect(streams).toBe(1);
    signals.emit('SIGTERM');
    expect(await code).toBe(0);
  });
});

describeWithServer('prometheus-alertmanager', 'a real Alertmanager', () => {
  let alertmanager: Server;
  beforeAll(async () => {
    alertmanager = await startAlertmanager();
    return () => alertmanager.dispose();
  });

  test('that is ready is told with its release; one that is not there is a problem', async () => {
    const gone = `127.0.0.1:${await freePort()}`;
    const both = `${alertmanager.url},http://${gone}`;
    const { exit, checks } = await diagnose('--source', RECORDING, '--alertmanager', both);
    const found = checks.filter(({ area }) => area === 'alertmanager');
    expect(exit).toBe(1);
    expect(found).toMatchObject([
      { name: new URL(alertmanager.url).host, status: 'ok', detail: expect.stringMatching(/^is ready, 0\.\d+/) },
      { name: gone, status: 'problem', detail: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  test('behind a path that is not its own is a problem', async () => {
    const { checks } = await diagnose('--source', RECORDING, '--alertmanager', `${alertmanager.url}/prefix`);
    expect(checks.find(({ area }) => area === 'alertmanager')?.status).toBe('problem');
  });
});
