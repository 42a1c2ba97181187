import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from '../../../src/platform/clock.ts';
import { until } from '../../support/until.ts';
import { dial, event, receive } from './rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'creance-tls-'));
const path = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(path(name));

const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
openssl('req', '-x509', ...KEY, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=ca', '-days', '2');
writeFileSync(path('san'), 'subjectAltName=IP:127.0.0.1');
for (const name of ['one', 'two', 'client']) {
  openssl('req', ...KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san'];
  openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...signed);
}

/** Sends one event; resolves with the status and the name on the server's certificate. */
const post = (origin: string, client: { cert?: Buffer; key?: Buffer } = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { method: 'POST', ca: read('ca.crt'), agent: false, ...client };
    const outgoing = request(origin, options, (response) => {
      const { subject } = (response.socket as TLSSocket).getPeerCertificate();
      response.resume().on('end', () => resolve(`${response.statusCode} ${subject?.CN}`));
    });
    outgoing.on('error', reject).end(event(1));
  });

const URL = 'https://127.0.0.1:0/';

describe('the HTTP receiver with TLS', () => {
  it('serves HTTPS', async () => {
    const receiver = receive({ tls: { cert: path('one.crt'), key: path('one.key') } }, URL);
    expect(await post(await receiver.listening())).toBe('202 one');
    receiver.stop();
    await receiver.done;
  });

  it('demands a client certificate when it has an authority', async () => {
    const tls = { cert: path('one.crt'), key: path('one.key'), ca: path('ca.crt') };
    const receiver = receive({ tls }, URL);
    const origin = await receiver.listening();
    await expect(post(origin)).rejects.toThrow();
    expect(await post(origin, { cert: read('client.crt'), key: read('client.key') })).toBe('202 one');
    expect(receiver.records).toHaveLength(1);
    expect(await receiver.value('creance_http_connections_refused_total', { cause: 'tls' })).toBe(1);
    receiver.stop();
    await receiver.done;
  });

  it('takes renewed files into use, but not a certificate before its key', async () => {
    const clock = new ManualClock(systemClock.now());
    const [cert, key] = [path('live.crt'), path('live.key')];
    copyFileSync(path('one.crt'), cert);
    copyFileSync(path('one.key'), key);
    const receiver = receive({ tls: { cert, key } }, URL, clock);
    const reloads = (outcome: string) =>
      receiver.value('creance_tls_reloads_total', { section: 'source.http.tls', outcome });
    const origin = await receiver.listening();
    copyFileSync(path('two.crt'), cert);
    clock.advance(30_000);
    expect(await post(origin)).toBe('202 one');
    expect(await reloads('failed')).toBe(1);
    copyFileSync(path('two.key'), key);
    clock.advance(10_000);
    expect(await post(origin)).toBe('202 two');
    expect(await reloads('done')).toBe(1);
    receiver.stop();
    await receiver.done;
  });

  it('does not wait at its end for those who never finish their handshake', async () => {
    const clock = new ManualClock(systemClock.now());
    const receiver = receive({ tls: { cert: path('one.crt'), key: path('one.key') } }, URL, clock);
    const client = dial(await receiver.listening());
    await until(async () => (await receiver.value('creance_http_connections')) === 1);
    receiver.stop();
    clock.advance(2_000);
    await receiver.done;
    await until(() => client.isClosed);
  });

  it.each([
    ['no certificate at all', {}, `${URL} needs source.http.tls.cert and source.http.tls.key`],
    ['a certificate without key', { cert: path('one.crt') }, 'source.http.tls.key must be set'],
    [
      'a file that is absent',
      { cert: path('none'), key: path('one.key') },
      `source.http.tls.cert: ${path('none')} does not exist: put the file there`,
    ],
    [
      'a certificate that is none',
      { cert: path('san'), key: path('one.key') },
      `source.http.tls.cert: ${path('san')} holds no readable PEM certificate`,
    ],
    [
      'a key that is none',
      { cert: path('one.crt'), key: path('san') },
      `source.http.tls.key: ${path('san')} holds no readable PEM private key`,
    ],
    [
      'the key of another',
      { cert: path('one.crt'), key: path('two.key') },
      `source.http.tls.key: ${path('two.key')} does not belong to the certificate ${path('one.crt')}`,
    ],
  ])('names the file and the mend for %s', async (_, tls, message) => {
    await expect(receive({ tls }, URL).done).rejects.toThrow(message);
  });
});
