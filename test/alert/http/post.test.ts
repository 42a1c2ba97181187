import { describe, expect, it } from 'vitest';
import { endpointOf } from '../../../src/alert/http/endpoint.ts';
import { classify, retryAfter } from '../../../src/alert/http/post.ts';
import { at } from '../timeline.ts';

describe('classify', () => {
  it.each([
    [200, { kind: 'success' }],
    [202, { kind: 'success' }],
    [301, { kind: 'failure', reason: expect.stringMatching(/^\d{3} why$/), divisible: false }],
    [400, { kind: 'failure', reason: expect.stringMatching(/^\d{3} why$/), divisible: true }],
    [404, { kind: 'failure', reason: expect.stringMatching(/^\d{3} why$/), divisible: false }],
    [413, { kind: 'failure', reason: expect.stringMatching(/^\d{3} why$/), divisible: true }],
    [429, { kind: 'retryable', reason: expect.stringMatching(/^\d{3} why$/), afterMs: 7 }],
    [500, { kind: 'retryable', reason: expect.stringMatching(/^\d{3} why$/), afterMs: 7 }],
    [503, { kind: 'retryable', reason: expect.stringMatching(/^\d{3} why$/), afterMs: 7 }],
  ])('%d', (status, expected) => {
    expect(classify({ status, text: 'why', afterMs: 7 })).toEqual(expected);
  });
});

describe('retryAfter', () => {
  it.each([
    [undefined, undefined],
    ['3', 3_000],
    ['0', 0],
    ['Sun, 01 Mar 2026 12:00:05 GMT', 5_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['-1e', undefined],
  ])('%s', (header, expected) => {
    expect(retryAfter(header, at(0))).toBe(expected);
  });
});

describe('endpointOf', () => {
  it.each([
    ['http://am:9093', 'am:9093', 'http://am:9093/api/v2/alerts', undefined],
    ['https://am', 'am:443', 'https://am/api/v2/alerts', undefined],
    ['http://am/prefix//', 'am:80', 'http://am/prefix/api/v2/alerts', undefined],
    ['http://[::1]:9093/', '[::1]:9093', 'http://[::1]:9093/api/v2/alerts', undefined],
    ['http://a:b%zz@am', 'am:80', 'http://am/api/v2/alerts', 'a:b%zz'],
    ['http://only@am', 'am:80', 'http://am/api/v2/alerts', 'only:'],
  ])('%s', (address, name, url, credentials) => {
    const endpoint = endpointOf(address);
    expect(endpoint).toMatchObject({ name });
    expect(endpoint.url.href).toBe(url);
    const encoded = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    expect(endpoint.authorization).toBe(encoded);
  });
});
