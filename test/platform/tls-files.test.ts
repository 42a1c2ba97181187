import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { missingTlsSettings, readTlsFiles, tlsStamp } from '../../src/platform/tls-files.ts';
import { type Authority, createAuthority, type Issued } from '../support/certificates.ts';

let authority: Authority;
let client: Issued;
let other: Issued;
let outdated: Issued;
const DAY_MS = 86_400_000;

beforeAll(() => {
  authority = createAuthority();
  client = authority.issue('client');
  other = authority.issue('other');
  outdated = authority.issue('outdated', { days: -1 });
});

const file = (name: string, text: string) => {
  const path = join(authority.dir, name);
  writeFileSync(path, text);
  return path;
};
const problem = (changes: object, nowMs = Date.now()) => {
  const read = readTlsFiles('source.grpc.tls', { ...client, ca: authority.ca, ...changes }, nowMs);
  return 'problem' in read ? read.problem : undefined;
};

test('good files are given as they are', () => {
  const read = readTlsFiles('source.grpc.tls', { ...client, ca: authority.ca }, Date.now());
  expect(Object.keys(read)).toEqual(['cert', 'key', 'ca']);
});

describe('each trouble names the setting, the file and the mend', () => {
  test('no such file', () => {
    expect(problem({ cert: '/none/client.crt' })).toBe(
      'source.grpc.tls.cert: /none/client.crt does not exist: put the file there or mend the path',
    );
  });

  test.skipIf(process.getuid?.() === 0)('a file that may not be read', () => {
    const path = file('locked.key', '');
    chmodSync(path, 0);
    expect(problem({ key: path })).toMatch(/^source\.grpc\.tls\.key: .*may not be read by this user: mend its owner/);
  });

  test('a folder', () => {
    expect(problem({ ca: authority.dir })).toMatch(/^source\.grpc\.tls\.ca: .*\(EISDIR\): it must be a regular file/);
  });

  test.each(['', 'rubbish', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])('no PEM: %j', (text) => {
    const path = file('rubbish.pem', text);
    expect(problem({ cert: path })).toBe(
      `source.grpc.tls.cert: ${path} holds no readable PEM certificate: it must begin with -----BEGIN CERTIFICATE-----`,
    );
    expect(problem({ ca: path })).toMatch(/^source\.grpc\.tls\.ca: .*holds no readable PEM certificate/);
    expect(problem({ key: path })).toMatch(/^source\.grpc\.tls\.key: .*holds no readable PEM private key/);
  });

  test('an expired certificate', () => {
    expect(problem(outdated)).toMatch(/^source\.grpc\.tls\.cert: .*outdated\.crt expired on .* GMT: renew it$/);
  });

  test('an authority that has expired', () => {
    const lasting = authority.issue('lasting', { days: 30 });
    expect(problem(lasting, Date.now() + 10 * DAY_MS)).toMatch(/^source\.grpc\.tls\.ca: .*ca\.crt expired on/);
  });

  test('a certificate of the future', () => {
    expect(problem({}, Date.now() - DAY_MS)).toMatch(/^source\.grpc\.tls\.cert: .*is not valid before .*clock$/);
  });

  test('a key of another certificate', () => {
    expect(problem({ key: other.key })).toBe(
      `source.grpc.tls.key: ${other.key} does not belong to the certificate ${client.cert}: use the key it was made with`,
    );
  });
});

test('what must be set is named', () => {
  expect(missingTlsSettings('source.grpc.tls', { cert: 'a' })).toEqual(['source.grpc.tls.key', 'source.grpc.tls.ca']);
  expect(readTlsFiles('source.http.tls', { cert: client.cert }, Date.now())).toEqual({
    problem: 'source.http.tls.key must be set: name PEM files',
  });
});

test('an authority is optional where the peer need not show a certificate', () => {
  expect(Object.keys(readTlsFiles('source.http.tls', client, Date.now()))).toEqual(['cert', 'key']);
});

describe('a bundle of authorities', () => {
  let bundle: string;
  let renewed: Authority;
  beforeAll(() => {
    renewed = createAuthority();
    bundle = file('bundle.pem', readFileSync(authority.ca, 'utf8') + readFileSync(renewed.ca, 'utf8'));
  });

  test('is good while one of them is', () => {
    expect(problem({ ca: bundle })).toBeUndefined();
    // `outdated` is no authority, but a certificate that has had its day.
    expect(
      problem({ ca: file('old-first.pem', readFileSync(outdated.cert, 'utf8') + readFileSync(renewed.ca, 'utf8')) }),
    ).toBeUndefined();
    const allOld = file('all-old.pem', readFileSync(outdated.cert, 'utf8').repeat(2));
    expect(problem({ ca: allOld })).toMatch(/^source\.grpc\.tls\.ca: .*all-old\.pem expired on/);
  });

  test('is read to its end: a broken one behind a good one is found', () => {
    const broken = readFileSync(authority.ca, 'utf8').replace(/\n[^\n-]{20}/, '\nAAAA');
    expect(problem({ ca: file('half-broken.pem', readFileSync(authority.ca, 'utf8') + broken) })).toMatch(
      /holds no readable PEM certificate/,
    );
  });
});

test('the stamp changes when a file does, comes or goes', () => {
  const path = file('stamp.pem', 'one');
  const stamp = () => tlsStamp({ cert: path, key: path, ca: authority.ca });
  const before = stamp();
  expect(stamp()).toBe(before);
  writeFileSync(path, 'another');
  expect(stamp()).not.toBe(before);
  expect(tlsStamp({ cert: '/none', key: path, ca: path })).toContain('none');
});
