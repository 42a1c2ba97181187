import { describe, expect, it } from 'vitest';
import { alertConfig } from '../../../src/alert/config.ts';
import { spoolPlace } from '../../../src/alert/spool/place.ts';

describe('spoolPlace', () => {
  it.each([
    [{}, 'file:/s', { folder: '/s/alerts' }],
    [{ spoolOwner: 'n' }, 'redis://r/1', { redis: 'redis://r/1', owner: 'n' }],
    [{}, 'rediss-sentinel://r/m', { redis: 'rediss-sentinel://r/m', owner: expect.stringMatching(/./) }],
    [{}, 'memory:', undefined],
    [{ spool: '/x' }, 'redis://r', { folder: '/x' }],
    [{ spool: 'redis://r', spoolOwner: 'n' }, 'file:/s', { redis: 'redis://r', owner: 'n' }],
    [{ spool: 'off' }, 'redis://r', undefined],
  ])('%j with %s', (config, store, expected) => {
    expect(spoolPlace(alertConfig.parse(config), store)).toEqual(expected);
  });
});
