import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scopeOf } from '../../src/process/scope.ts';
import { CHART, documents, type Manifest, parseYaml, render, type Values } from './chart.ts';
import { schemaErrors, typeErrors } from './kubernetes.ts';
import { describeWithHelm } from './tools.ts';

const read = (file: string): string => readFileSync(join(CHART, 'examples/ci', file), 'utf8');

interface Place {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly { readonly key: string; readonly effect: string }[];
}

const values = parseYaml(read('creance.yaml')) as Values & { daemonset: Place };
const arc = parseYaml(read('arc.yaml')) as { template: { spec: Place & { containers: object[] } } };
const gitlab = parseYaml(read('gitlab.yaml')) as { runners: { config: string } };
const [task, run] = documents(read('tekton.yaml')) as [
  { spec: { stepTemplate: { env: { name: string; value: string }[] }; steps: object[] } },
  { spec: { podTemplate: Place } },
];
const jenkinsfile = read('Jenkinsfile');
const jenkins = parseYaml(jenkinsfile.split("'''")[1] ?? '') as { spec: Place & { containers: object[] } };

describe('examples/ci', () => {
  it.each([
    ['arc.yaml', arc.template.spec],
    ['tekton.yaml', run.spec.podTemplate],
    ['Jenkinsfile', jenkins.spec],
  ])('%s places jobs where creance runs', (_, { nodeSelector, tolerations }) => {
    expect({ nodeSelector, tolerations }).toEqual({
      nodeSelector: values.daemonset.nodeSelector,
      tolerations: values.daemonset.tolerations,
    });
  });

  it('gitlab.yaml places jobs where creance runs', () => {
    const [[key, value] = []] = Object.entries(values.daemonset.nodeSelector);
    expect(gitlab.runners.config).toContain(`"${key}" = "${value}"`);
    const [{ key: taint, effect } = { key: '', effect: '' }] = values.daemonset.tolerations;
    expect(gitlab.runners.config).toContain(`"${taint}=true" = "${effect}"`);
  });

  it('pods are as Kubernetes takes them', async () => {
    const specs = {
      arc: arc.template.spec,
      jenkins: jenkins.spec,
      tekton: {
        ...run.spec.podTemplate,
        containers: [{ ...task.spec.steps[0], ...task.spec.stepTemplate, script: undefined }],
      },
    };
    const pods = Object.entries(specs).map(
      ([name, spec]) =>
        JSON.parse(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec })) as Manifest,
    );
    expect(typeErrors('1.29', pods)).toEqual([]);
    expect(typeErrors('1.34', pods)).toEqual([]);
    expect(await schemaErrors(pods)).toEqual([]);
  });

  it('jobs of Tekton and Jenkins get a scope by what is set for them', () => {
    const tekton = Object.fromEntries(task.spec.stepTemplate.env.map(({ name, value }) => [name, value]));
    expect(scopeOf(tekton)).toEqual({
      repository: '$(params.repository)',
      workflow: '$(params.workflow)',
      job: '$(context.task.name)',
    });
    const [, repository] = /GITHUB_REPOSITORY = '([^']+)'/.exec(jenkinsfile) ?? [];
    expect(scopeOf({ GITHUB_REPOSITORY: repository ?? '', JOB_NAME: 'app/main' })).toEqual({
      repository: 'acme/app',
      job: 'app/main',
    });
  });
});

describeWithHelm('examples/ci with the chart', (helm) => {
  it('has a DaemonSet on those nodes', () => {
    const { nodeSelector, tolerations } = render(helm, values).one('DaemonSet').spec.template.spec as Place;
    expect({ nodeSelector, tolerations }).toEqual({
      nodeSelector: values.daemonset.nodeSelector,
      tolerations: values.daemonset.tolerations,
    });
  });
});
