import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Authority, createAuthority, type Issued } from '../../support/certificates.ts';
import { type FalcoDouble, startFalco } from '../../support/falco-double.ts';
import { numbered } from '../../support/falco-messages.ts';
import { runGrpcSource, type SourceRun } from '../../support/source-run.ts';
import { until } from '../../support/until.ts';

let authority: Authority;
let stranger: Authority;
let server: Issued;
let client: Issued;
let foreign: Issued;
let elsewhere: Issued;
let outdated: Issued;
let falco: FalcoDouble | undefined;
let source: SourceRun | undefined;

beforeAll(() => {
  authority = createAuthority();
  stranger = createAuthority();
  server = authority.issue('server');
  client = authority.issue('client');
  elsewhere = authority.issue('elsewhere', { names: 'DNS:falco.example' });
  outdated = authority.issue('outdated', { days: -1 });
  foreign = stranger.issue('foreign');
});
afterEach(() => {
  source?.unsubscribe();
  falco?.dispose();
});

const start = async (identity: Issued, tls: object) => {
  falco = await startFalco({ tls: { ...identity, ca: authority.ca } });
  source = runGrpcSource(falco.url, { tls });
  return { falco, source };
};

const ours = () => ({ ...client, ca: authority.ca });

test('brings events over mutual TLS', async () => {
  const { falco, source } = await start(server, ours());
  falco.push(numbered(1), numbered(2));
  await until(() => source.numbers.length === 2);
});

describe('says what is wrong between the two sides, and goes on trying', () => {
  const trouble = async ({ source }: { source: SourceRun }) => {
    await until(async () => ((await source.metric('creance_source_reconnects_total')) ?? 0) > 2);
    expect(source.log).toHaveLength(1);
    expect(source.health.every(({ ready }) => !ready)).toBe(true);
    return source.log[0];
  };

  test('a Falco whose certificate our authority has not signed', async () => {
    const line = await trouble(await start(server, { ...ours(), ca: stranger.ca }));
    expect(line?.reason).toBe('tls-peer');
    expect(line?.msg).toContain(`is not signed by an authority in ${stranger.ca}`);
    expect(line?.msg).toContain('source.grpc.tls.ca must hold the one that signed it');
  });

  test('a Falco whose certificate is for another name', async () => {
    const line = await trouble(await start(elsewhere, ours()));
    expect(line?.reason).toBe('tls-peer');
    expect(line?.msg).toMatch(/is not for localhost but for DNS:falco\.example: connect/);
  });

  test('a Falco whose certificate has expired', async () => {
    const line = await trouble(await start(outdated, ours()));
    expect(line?.reason).toBe('tls-peer');
    expect(line?.msg).toMatch(/has expired: renew it there/);
  });

  test("our certificate that Falco's authority has not signed", async () => {
    const line = await trouble(await start(server, { ...foreign, ca: authority.ca }));
    expect(line?.reason).toBe('tls-peer');
    expect(line?.msg).toMatch(/refuses? our certificate .*foreign\.crt/);
  });

  test('nobody at the port', async () => {
    const { falco, source } = await start(server, ours());
    await source.connected();
    falco.kill();
    await until(() => source.log.some(({ reason }) => reason === 'port-closed'));
    await falco.start();
    await source.connected(2);
  });
});

describe('rotation', () => {
  let files: Issued & { ca: string };
  const install = (issued: Issued) => {
    copyFileSync(issued.key, files.key);
    copyFileSync(issued.cert, files.cert);
  };

  beforeEach(async () => {
    const path = (name: string) => join(authority.dir, `rotated-${name}`);
    files = { cert: path('client.crt'), key: path('client.key'), ca: authority.ca };
    install(client);
  });

  test('new files lead to a new connection, without a gap', async () => {
    const { falco, source } = await start(server, files);
    await source.connected();
    falco.push(numbered(1));
    await until(() => source.numbers.length === 1);
    install(authority.issue('client-2'));
    await source.connected(2);
    falco.push(numbered(2));
    await until(() => source.numbers.length === 2);
    expect(source.log.flatMap(({ reason }) => reason ?? [])).toEqual(['certificate-rotated']);
    expect(source.gaps).toEqual([]);
  });

  test('new files that are no good leave the connection that is', async () => {
    const { falco, source } = await start(server, files);
    await source.connected();
    writeFileSync(files.cert, 'half a certif');
    await until(() => source.log.length === 2);
    expect(source.log[1]?.msg).toMatch(/can't be used, so the connection stays as it is.*no readable PEM certificate/);
    falco.push(numbered(1));
    await until(() => source.numbers.length === 1);
    const reloads = (outcome: string) =>
      source.metric('creance_tls_reloads_total', { section: 'source.grpc.tls', outcome });
    expect(await reloads('failed')).toBe(1);
    install(authority.issue('client-3'));
    await source.connected(2);
    expect(await reloads('done')).toBe(1);
  });

  test('files that are put right are found at the next try', async () => {
    rmSync(files.key);
    const { source } = await start(server, files);
    await until(() => source.log.length === 1);
    expect(source.log[0]?.msg).toContain(`${files.key} does not exist`);
    install(client);
    await source.connected();
  });
});
