import { describe, expect, test } from 'vitest';
import { nameOfRedis, parseRedisUrl } from '../../src/platform/redis-address.ts';

describe('the URL of a Redis store', () => {
  test.each([
    [
      'redis://db',
      { kind: 'single', nodes: [{ host: 'db', port: 6379 }], db: 0, tls: false, prefix: 'creance:' },
      'redis://db:6379/0',
    ],
    [
      'rediss://u:p%40s:s@db:6380/3?ca=/etc/ca.pem',
      { tls: true, db: 3, username: 'u', password: 'p@s:s', ca: '/etc/ca.pem' },
      'rediss://db:6380/3',
    ],
    ['redis://:secret@[::1]:7000', { nodes: [{ host: '::1', port: 7000 }], password: 'secret' }, 'redis://::1:7000/0'],
    [
      'redis-sentinel://a,b:26380/main/2',
      {
        kind: 'sentinel',
        master: 'main',
        db: 2,
        nodes: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 26_380 },
        ],
      },
      'redis-sentinel://a:26379,b:26380/main/2',
    ],
    [
      'redis-cluster://a:1,b:2?prefix=x:&ttlDays=30',
      { kind: 'cluster', prefix: 'x:', ttlDays: 30 },
      'redis-cluster://a:1,b:2',
    ],
  ])('%s', (url, address, name) => {
    expect(parseRedisUrl(url)).toMatchObject(address);
    expect(nameOfRedis(parseRedisUrl(url))).toBe(name);
  });

  test('says what is wrong', () => {
    expect(() => parseRedisUrl('redis-sentinel://a,b')).toThrow('needs the name of the master');
    expect(() => parseRedisUrl('redis://a:b:c')).toThrow('is no host');
  });
});
