import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeWithHelm } from './tools.ts';
import { describeValues, OWN_SETTINGS } from './values.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [
  'docs/install.md',
  'docs/falco.md',
  'docs/ci.md',
  'docs/reference/metrics.md',
  'helm/creance/README.md',
] as const;

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

/** Every command of the page that installs our chart, each on one line. */
const installsIn = (page: string): readonly string[] => {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/\\\n\s*/g, '');
  return [...text.matchAll(/^helm install \S+ helm\/creance.*$/gm)].map(([line]) => line);
};

describeWithHelm('the commands that install the chart', (helm) => {
  const commands = PAGES.flatMap((page) => installsIn(page).map((line) => [page, line] as const));

  it('are some', () => expect(commands.length).toBeGreaterThan(3));

  it.each(commands)('%s: %s', (_, line) => {
    const { status, stderr } = spawnSync('sh', ['-c', `${line} --dry-run=client`], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${dirname(helm)}:${process.env.PATH}`, KUBECONFIG: '/nonexistent' },
    });
    expect(status === 0 || stderr).toBe(true);
  });
});
