import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Package {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Package>>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');
const shipped = locked.filter(([, { dev }]) => dev !== true);

describe('every package of the lock file', () => {
  it('is known by its content', () => {
    const unknown = locked.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity));
    expect(unknown.map(([path]) => path)).toEqual([]);
  });

  it('comes from the npm registry by its name', () => {
    const elsewhere = locked.filter(([, { version = '', resolved = 'https://registry.npmjs.org/', link = false }]) => {
      return link || !/^\d+\.\d+\.\d+/.test(version) || !resolved.startsWith('https://registry.npmjs.org/');
    });
    expect(elsewhere.map(([path]) => path)).toEqual([]);
  });
});

describe('what is shipped', () => {
  it('is some packages', () => expect(shipped.length).toBeGreaterThan(20));

  it('runs on every platform', () => {
    const bound = shipped.filter(
      ([, { os, cpu, libc }]) => os !== undefined || cpu !== undefined || libc !== undefined,
    );
    expect(bound.map(([path]) => path)).toEqual([]);
  });

  it('has no native code', () => {
    const native = shipped.flatMap(([path]) =>
      readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.node$|(^|\/)binding\.gyp$/.test(file))
        .map((file) => `${path}/${file}`),
    );
    expect(native).toEqual([]);
  });

  it('needs no script to be installed', () => {
    // The one of protobufjs prints a notice about version ranges and does nothing else.
    const scripted = shipped.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    expect(scripted).toEqual(['node_modules/protobufjs']);
    const script = readFileSync(join(root, 'node_modules/protobufjs/scripts/postinstall.js'), 'utf8');
    expect(script).not.toMatch(/child_process|https?\.|fetch\(|writeFile/);
  });

  it('is installed without scripts into the image', () => {
    const installs = readFileSync(join(root, 'Dockerfile'), 'utf8').match(/npm ci[^\n]*/g) ?? [];
    expect(installs.length).toBeGreaterThan(0);
    for (const line of installs) expect(line).toContain('--ignore-scripts');
  });
});
