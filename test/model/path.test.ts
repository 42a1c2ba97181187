import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalPath, resolvePath } from '../../src/model/path.ts';

describe('normal paths', () => {
  it.each([
    ['/a/b', '/a/b'],
    ['/a//b', '/a/b'],
    ['/a/./b/../c', '/a/c'],
    ['/../../etc/shadow', '/etc/shadow'],
    ['/a/b/..', '/a'],
    ['/a/.hidden/..b', '/a/.hidden/..b'],
    ['/proc/self/root/etc/shadow', '/etc/shadow'],
    ['/proc/77/root', '/'],
    ['/proc/self/root/proc/self/root/etc', '/etc'],
    ['/proc/self/root/../proc/self//root/etc', '/etc'],
    ['/proc/./self/root/../etc', '/etc'],
    ['/proc/77/task/78/root/etc', '/etc'],
    ['/proc/self/fd/9/x', '/proc/self/fd/9/x'],
    ['', ''],
  ])('%s is %s', (path, normal) => {
    expect(normalPath(path)).toBe(normal);
  });

  it('stay what they are, and never throw', () => {
    const part = fc.constantFrom('a', '..', '.', '', 'proc', 'self', 'root', '__proto__');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const once = normalPath(`/${parts.join('/')}`);
        expect(normalPath(once)).toBe(once);
        expect(once.startsWith('/')).toBe(true);
      }),
    );
  });

  it.each([
    ['x', '/w/', '/w/x'],
    ['./x', '/w', '/w/x'],
    ['../x', '/w/a', '/w/x'],
    ['/x', '/w', '/x'],
    ['x', undefined, 'x'],
    ['/proc/self/cwd/.env', '/w', '/w/.env'],
  ])('%s in %s is %s', (path, cwd, absolute) => {
    expect(resolvePath(path, cwd)).toBe(absolute);
  });
});
