import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

/** The violations that the import rules find below `directory`, as `rule: from → to`. */
const cruise = async (directory: string): Promise<readonly string[]> => {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [bin, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'];
  const { stdout } = await run(process.execPath, args, { cwd: directory, maxBuffer: 64e6 }).catch((failed) => failed);
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
  };
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
};

describe('who may import what', () => {
  it('holds in src', async () => {
    expect(await cruise(root)).toEqual([]);
  });

  describe('fails on a planted violation', () => {
    let planted: string;
    beforeAll(async () => {
      planted = await mkdtemp(join(tmpdir(), 'creance-imports-'));
      for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
        await cp(join(root, file), join(planted, file));
      await symlink(join(root, 'node_modules'), join(planted, 'node_modules'));
    });
    afterAll(() => rm(planted, { recursive: true, force: true }));

    it.each([
      ['model-imports-nothing', 'model/a.ts', 'platform/b.ts'],
      ['platform-imports-nothing-of-ours', 'platform/a.ts', 'model/b.ts'],
      ['stream-imports-platform-only', 'stream/a.ts', 'model/b.ts'],
      ['a-stage-knows-no-other-stage', 'action/a.ts', 'process/b.ts'],
      ['report-imports-model-only', 'report/a.ts', 'detect/b.ts'],
      ['rxjs-stays-at-the-edges', 'alert/a.ts', 'rxjs'],
      ['rxjs-stays-at-the-edges', 'source/grpc/a.ts', 'rxjs'],
      ['commands-see-app-config-model-report', 'cli/a.ts', 'alert/b.ts'],
      ['config-imports-declarations-only', 'config.ts', 'alert/b.ts'],
      ['pipeline-imports-the-model-only', 'pipeline.ts', 'alert/b.ts'],
      ['nobody-imports-the-commands', 'app.ts', 'cli/b.ts'],
    ])('%s: %s may not import %s', async (rule, from, to) => {
      const src = join(planted, 'src');
      await rm(src, { recursive: true, force: true });
      const write = async (file: string, text: string) => {
        await mkdir(dirname(join(src, file)), { recursive: true });
        await writeFile(join(src, file), text);
      };
      // Imports of types alone count as well.
      const target = to === 'rxjs' ? to : `${'../'.repeat(from.split('/').length - 1) || './'}${to}`;
      await write(from, `import type { Observable as T } from '${target}';\nexport type A = T<unknown>;\n`);
      if (to !== 'rxjs') await write(to, 'export interface Observable<T> { readonly value: T }\n');
      expect((await cruise(planted)).map((violation) => violation.split(':')[0])).toContain(rule);
    });
  });

  it('keeps the flow short enough to be read at one look', async () => {
    const lines = (await readFile(join(root, 'src/pipeline.ts'), 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeLessThan(40);
  });
});
