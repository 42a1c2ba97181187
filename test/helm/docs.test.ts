import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeValues, OWN_SETTINGS } from './values.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = ['docs/install.md', 'docs/falco.md', 'helm/creance/README.md'] as const;

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .trim()
    .replaceAll(' ', '-');

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      const [path = '', anchor] = link.split('#');
      const target = join(ROOT, dirname(page), path);
      expect(existsSync(target), link).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
        anchorOf(heading),
      );
      expect(headings).toContain(anchor);
    }
  });

  it('names values that there are', () => {
    const known = new Set(describeValues().map(({ path }) => path));
    const tops = new Set([...known].map((path) => path.split('.')[0]));
    const named = [
      ...text.matchAll(/`((?:source|sidecar|daemonset|store|networkPolicy|image|server)\.[A-Za-z.]+?)(?::[^`]*)?`/g),
    ];
    const unknown = named
      .map(([, path = '']) => path)
      .filter((path) => tops.has(path.split('.')[0]) && !known.has(path));
    // creance.yaml has sections of these names as well.
    const settings: readonly string[] = OWN_SETTINGS;
    expect(unknown.filter((path) => !settings.includes(path))).toEqual([]);
  });
});
