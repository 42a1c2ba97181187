import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHART, render } from './chart.ts';
import { node, type Running, startService } from './running.ts';
import { describeWithHelm } from './tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

describe('a running service', () => {
  let service: Running;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  describeWithHelm('is what the chart takes it for', (helm) => {
    it('answers where the probes ask', async () => {
      const [container] = render(helm).one('DaemonSet').spec.template.spec.containers;
      const paths = [container.livenessProbe, container.readinessProbe].map(({ httpGet }) => httpGet.path);
      expect(paths).toEqual(['/livez', '/readyz']);
      for (const path of paths) expect((await fetch(`${service.address}${path}`)).status).toBe(200);
      const { spec } = render(helm, { serviceMonitor: { enabled: true } }).one('ServiceMonitor');
      expect((await fetch(`${service.address}${spec.endpoints[0].path}`)).status).toBe(200);
    });
  });

  describe('is healthy by the image’s own check', () => {
    const [, script = ''] = /CMD \["\/nodejs\/bin\/node", "-e", "(.*)"\]/.exec(dockerfile) ?? [];
    it('which tells who lives from who does not', async () => {
      expect(script).not.toBe('');
      const { port } = new URL(service.address);
      expect((await node(['-e', script], { CREANCE_SERVER_LISTEN: `0.0.0.0:${port}` })).code).toBe(0);
      expect((await node(['-e', script], { CREANCE_SERVER_LISTEN: '0.0.0.0:1' })).code).toBe(1);
    });
  });
});

describe('the image', () => {
  it('has pinned bases', () => {
    const bases = [...dockerfile.matchAll(/^ARG \w+_IMAGE=(.*)$/gm)].map(([, base]) => base);
    expect(bases).toHaveLength(2);
    for (const base of bases) expect(base).toMatch(/:[\w.-]+@sha256:[0-9a-f]{64}$/);
    const majors = bases.map((base = '') => /node(?:js|:)(\d+)/.exec(base)?.[1]);
    expect(new Set(majors).size).toBe(1);
    // Even numbers are the lines with long support.
    expect(Number(majors[0]) % 2).toBe(0);
    for (const [, from] of dockerfile.matchAll(/^FROM (?:--\S+ )?(\S+)/gm)) expect(from).toMatch(/^\$\{\w+_IMAGE\}$/);
  });

  it('runs as nobody in particular, without a shell', () => {
    expect(dockerfile).toMatch(/^USER 65532:65532$/m);
    const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(final).not.toMatch(/^RUN /m);
    for (const [, form = ''] of final.matchAll(/^\s*(?:ENTRYPOINT|CMD) (.*)$/gm)) expect(form).toMatch(/^\[/);
  });

  it('is made of the files that it copies', () => {
    const ignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(ignore).toContain('*');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    for (const file of copied) expect(ignore).toContain(`!${file}`);
    // What is not said to be in the image is not there.
    const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const folder of ['proto', 'rules']) expect(files).toContain(folder);
  });

  it('has the version of the package and of the chart', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(dockerfile).toContain(`ARG VERSION=${version}\n`);
    expect(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')).toContain(`appVersion: "${version}"\n`);
  });
});
