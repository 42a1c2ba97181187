import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHART, chartFile, falcoValues, parseYaml, render, type Values } from './chart.ts';
import { describeWithHelm } from './tools.ts';
import { chartReadme, describeValues, valuesSchema } from './values.ts';

// `npm run chart` writes these files anew. In CI a difference fails.

describe('files made from values.yaml', () => {
  it('values.schema.json is fresh', async () => {
    await expect(valuesSchema()).toMatchFileSnapshot(join(CHART, 'values.schema.json'));
  });

  it('README.md is fresh', async () => {
    await expect(chartReadme()).toMatchFileSnapshot(join(CHART, 'README.md'));
  });

  it('every value says what it is', () => {
    const silent = describeValues().filter(({ path, description, fallback }) => {
      const isSection = fallback === undefined;
      return description === '' && !isSection && path !== 'securityContext';
    });
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});

describeWithHelm('files made by the chart', (helm) => {
  const SNIPPETS = { arc: 'arc.yaml', gitlab: 'gitlab.toml', tekton: 'tekton.yaml', jenkins: 'jenkins.yaml' } as const;
  const values = parseYaml(chartFile('examples/sidecar/creance.yaml')) as Values;

  it.each(Object.entries(SNIPPETS))(
    'examples/sidecar: the runner’s part for %s is what the chart gives out',
    async (_, file) => {
      const { data } = render(helm, values).one('ConfigMap', '-snippets');
      await expect(data[file]).toMatchFileSnapshot(join(CHART, 'examples/sidecar', file));
    },
  );

  const FALCO = { 'falco-0.44-http': '9.x', 'falco-0.43-socket': '8.0.x', 'falco-0.43-tls': '8.0.x' } as const;

  it.each(Object.entries(FALCO))('examples/%s: Falco’s part is what the notes say', async (folder, chart) => {
    const rendered = render(helm, parseYaml(chartFile(`examples/${folder}/creance.yaml`)) as Values);
    const head = `# Values for Falco's chart ${chart}, for a release \`falco\` in the namespace of creance (\`agents\` here).\n`;
    const text = `${head}driver:\n  kind: modern_ebpf\n${falcoValues(rendered)}`;
    await expect(text).toMatchFileSnapshot(join(CHART, 'examples', folder, 'falco.yaml'));
  });
});
