import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config.ts';
import { checkFalcoConfig } from '../../src/source/doctor/falco-config.ts';
import { parseRelease } from '../../src/source/doctor/release.ts';
import {
  CHART,
  documents,
  falcoValues,
  MATRIX,
  type Manifest,
  parseYaml,
  type Rendered,
  render,
  type Values,
} from './chart.ts';
import { type PodSpec, restrictedViolations, schemaErrors, typeErrors } from './kubernetes.ts';
import { describeWithHelm } from './tools.ts';

const ROOT = join(import.meta.dirname, '../..');

describeWithHelm('the chart', (helm) => {
  const rendered = new Map<string, Rendered>();
  const of = (name: keyof typeof MATRIX): Rendered => rendered.get(name) ?? expect.fail(`${name} was not rendered`);
  const all = (): readonly Manifest[] => [...rendered.values()].flatMap(({ manifests }) => manifests);
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'creance-chart-'));
    for (const [name, values] of Object.entries(MATRIX)) rendered.set(name, render(helm, values));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('passes lint --strict', () => {
    execFileSync(helm, ['lint', '--strict', CHART], { stdio: 'pipe' });
  });

  it.each(Object.keys(MATRIX))('renders: %s', (name) => {
    expect(
      of(name)
        .message.split('\n')
        .filter((line) => line && !line.includes('symbolic link')),
    ).toEqual([]);
    expect(of(name).ok).toBe(true);
  });

  it('renders on every Kubernetes from 1.29', () => {
    const template = (version: string) =>
      execFileSync(helm, ['template', CHART, '--kube-version', version], { stdio: 'pipe' });
    for (const version of ['1.29.0', '1.34.2', '1.31.4-gke.100']) template(version);
    expect(() => template('1.28.15')).toThrow('1.29');
  });

  describe('is what Kubernetes takes', () => {
    const core = () => all().filter(({ apiVersion }) => !apiVersion.startsWith('monitoring.'));
    it('1.29: every key and type', () => expect(typeErrors('1.29', core())).toEqual([]));
    it('1.34: every key and type', () => expect(typeErrors('1.34', core())).toEqual([]));
    it('1.34 and the Prometheus operator: schemas', async () => expect(await schemaErrors(all())).toEqual([]));

    it('and these checks would tell', async () => {
      const good = of('as it comes').one('DaemonSet');
      const typo = { ...good, spec: { ...good.spec, updateStrategie: {} } } as Manifest;
      const wrong = { ...good, spec: { ...good.spec, minReadySeconds: 'soon' } } as Manifest;
      for (const release of ['1.29', '1.34'] as const) {
        expect(typeErrors(release, [typo]).join()).toContain('updateStrategie');
        expect(typeErrors(release, [wrong]).join()).toContain("'string' is not assignable to type 'number'");
      }
      expect((await schemaErrors([wrong])).join()).toContain('minReadySeconds');
    });
  });

  describe('creance.yaml', () => {
    const configs = () =>
      [...rendered].flatMap(([name, { manifests }]) =>
        manifests
          .filter(({ data }) => data?.['creance.yaml'])
          .map(({ data }) => [name, data['creance.yaml'] ?? ''] as const),
      );
    const load = (text: string, env: Readonly<Record<string, string>> = {}) => {
      const file = join(folder, 'creance.yaml');
      writeFileSync(file, text);
      return loadConfig({ file, env, flags: [], cwd: folder });
    };

    it('is accepted in every case', () => {
      expect(configs().length).toBe(Object.keys(MATRIX).length);
      const refused = configs().flatMap(([name, text]) => {
        const loaded = load(text);
        return loaded.ok ? [] : [`${name}: ${loaded.message}`];
      });
      expect(refused).toEqual([]);
    });

    it('says what the values say', () => {
      const text = of('everything').one('ConfigMap', 'watcher').data['creance.yaml'] ?? '';
      const loaded = load(text);
      if (!loaded.ok) return expect.fail(loaded.message);
      const { source, server, graceMs, alert, detect } = loaded.config;
      expect(source.url).toBe('http://0.0.0.0:2801/');
      expect(source.queue.capacity).toBe(1_048_576);
      expect(detect.baseline.falseAlertsPerSession).toBe(0.0005);
      expect(server.listen).toBe('0.0.0.0:9376');
      expect(graceMs).toBe(25_000);
      expect(alert.alertmanagers).toHaveLength(3);
    });

    it('accepts the variables that the container is given', () => {
      const { spec } = of('https with a secret path').one('DaemonSet').spec.template;
      const env = spec.containers[0].env as readonly { name: string }[];
      expect(env.map(({ name }) => name)).toEqual(['CREANCE_SOURCE_HTTP_PATH']);
      const text = of('https with a secret path').one('ConfigMap', 'creance').data['creance.yaml'] ?? '';
      const loaded = load(text, { CREANCE_SOURCE_HTTP_PATH: '/3f1c', CREANCE_INTAKE_SERVICE_HOST: '10.0.0.1' });
      expect(loaded.ok || loaded.message).toBe(true);
    });

    it('names files that are mounted', () => {
      for (const { kind, spec } of all()) {
        if (kind !== 'DaemonSet') continue;
        const [container] = spec.template.spec.containers;
        const mounts = container.volumeMounts.map(({ name }: { name: string }) => name);
        const volumes = spec.template.spec.volumes.map(({ name }: { name: string }) => name);
        expect([...mounts].sort()).toEqual([...volumes].sort());
      }
    });
  });

  describe('refuses', () => {
    const TYPOS: readonly (readonly [string, Values, string])[] = [
      ['a typo at the top', { deamonset: {} }, 'deamonset'],
      ['a typo below', { source: { http: { prot: 1 } } }, 'prot'],
      ['a typo in creance.yaml', { config: { alert: { alertmanager: [] } } }, 'alertmanager'],
      ['a wrong type in creance.yaml', { config: { graceMs: 'long' } }, 'graceMs'],
      ['what the chart sets itself', { config: { source: { url: 'x' } } }, 'url'],
      ['the store in two places', { config: { store: 'memory:' } }, 'store'],
      ['an unknown source', { source: { kind: 'relay' } }, 'kind'],
      ['a port that is none', { source: { http: { port: 70_000 } } }, 'port'],
    ];
    it.each(TYPOS)('%s', (_, values, word) => {
      const { ok, message } = render(helm, values);
      expect(ok).toBe(false);
      expect(message).toContain(word);
    });

    const redis = { kind: 'redis', redis: { existingSecret: 'redis' } };
    const CONTRADICTIONS: readonly (readonly [string, Values, string])[] = [
      [
        'DaemonSet and sidecar on one Falco',
        { sidecar: { enabled: true }, source: { kind: 'socket' }, store: redis },
        'same Falco',
      ],
      [
        'a sidecar that Falco cannot post to',
        { sidecar: { enabled: true }, daemonset: { enabled: false }, store: redis },
        'one URL',
      ],
      [
        'a sidecar that forgets',
        { sidecar: { enabled: true }, daemonset: { enabled: false }, source: { kind: 'socket' } },
        'what it learned',
      ],
      ['TLS without certificates', { source: { kind: 'tls' } }, 'existingSecret'],
      [
        'client certificates without an authority',
        { source: { http: { tls: { verifyClient: true } } } },
        'existingSecret',
      ],
      ['Redis without an address', { store: { kind: 'redis' } }, 'existingSecret'],
      ['a Redis that nobody uses', { store: { redis: { bundled: { enabled: true } } } }, 'store.kind=redis'],
      ['a grace that Kubernetes cuts short', { config: { graceMs: 30_000 } }, 'graceMs'],
      ['one port for two things', { server: { port: 2801 } }, 'differ'],
    ];
    it.each(CONTRADICTIONS)('%s', (_, values, words) => {
      const { ok, message } = render(helm, values);
      expect(ok).toBe(false);
      expect(message).toContain(words);
    });

    it('but lets who knows what it means have two consumers', () => {
      const values = {
        sidecar: { enabled: true, allowCompetingConsumers: true },
        source: { kind: 'socket' },
        store: redis,
      };
      expect(render(helm, values).ok).toBe(true);
    });

    it('no values of a parent chart', () => expect(render(helm, { global: { anything: 1 } }).ok).toBe(true));
  });

  describe('pods', () => {
    const podsOf = (name: string): readonly PodSpec[] =>
      of(name).manifests.flatMap(({ kind, spec }) =>
        kind === 'Pod' ? [spec] : kind === 'DaemonSet' || kind === 'Deployment' ? [spec.template.spec] : [],
      );

    it('pass the level restricted, but where the node itself is needed', () => {
      const violations = Object.keys(MATRIX).map((name) => [
        name,
        [...new Set(podsOf(name).flatMap(restrictedViolations))],
      ]);
      const exceptions = Object.fromEntries(violations.filter(([, found]) => (found?.length ?? 0) > 0));
      expect(exceptions).toEqual({
        'http on a port of the node': ['hostPort'],
        socket: ['volume hostPath', 'runAsNonRoot', 'runAsUser'],
      });
    });

    it('have a read-only root, no token and no variables of Services', () => {
      const pods = Object.keys(MATRIX).flatMap(podsOf) as unknown as readonly Record<string, unknown>[];
      for (const pod of pods) {
        expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
        const containers = pod.containers as readonly { securityContext: object }[];
        for (const { securityContext } of containers)
          expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true });
      }
    });

    it('are replaced when the settings change, and only then', () => {
      const sum = (values: Values) =>
        render(helm, values).one('DaemonSet').spec.template.metadata.annotations['checksum/config'];
      expect(sum({ serviceMonitor: { enabled: true } })).toBe(sum({}));
      expect(sum({ config: { log: { level: 'debug' } } })).not.toBe(sum({}));
    });

    it('get a place by what the values say', () => {
      expect(of('everything').one('DaemonSet').spec.template.spec).toMatchObject({
        nodeSelector: { 'node-role': 'ci' },
        tolerations: [{ key: 'ci', operator: 'Exists' }],
        priorityClassName: 'system-node-critical',
        imagePullSecrets: [{ name: 'pull' }],
      });
    });

    it('run the image that the values name', () => {
      const image = (name: string) => of(name).one('DaemonSet').spec.template.spec.containers[0].image;
      const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
      expect(image('as it comes')).toBe(`creance:${version}`);
      expect(image('everything')).toBe(`registry.example/creance:${version}@sha256:${'0'.repeat(64)}`);
    });
  });

  describe('Services', () => {
    it('lead Falco to the pod of its own node', () => {
      expect(of('as it comes').one('Service', '-intake').spec).toMatchObject({
        internalTrafficPolicy: 'Local',
        publishNotReadyAddresses: true,
      });
      expect(of('http on a port of the node').find('Service', '-intake')).toBeUndefined();
    });

    it('lead to the Falco of the own node where the source is TLS, unless a host is named', () => {
      const { spec, metadata } = of('mutual TLS').one('Service', '-falco-grpc');
      expect(spec).toMatchObject({ internalTrafficPolicy: 'Local', selector: { 'app.kubernetes.io/name': 'falco' } });
      const config = parseYaml(of('mutual TLS').one('ConfigMap', 'creance').data['creance.yaml'] ?? '');
      expect(config).toMatchObject({ source: { url: `https://${metadata.name}.agents.svc:5060` } });
      expect(of('mutual TLS to a host').find('Service', '-falco-grpc')).toBeUndefined();
    });

    it('select pods that there are', () => {
      for (const { manifests } of rendered.values()) {
        const pods = manifests.flatMap(({ spec }) => (spec?.template ? [spec.template.metadata.labels] : []));
        for (const { kind, spec, metadata } of manifests) {
          if (kind !== 'Service' || metadata.name.endsWith('-falco-grpc')) continue;
          expect(pods).toContainEqual(expect.objectContaining(spec.selector));
        }
      }
    });
  });

  describe('NetworkPolicies allow exactly what is needed', () => {
    const portsOf = (rules: readonly { ports: readonly { port: number }[] }[]) =>
      rules.map(({ ports }) => ports.map(({ port }) => port));
    const consumer = (name: string) =>
      of(name).manifests.find(({ kind, spec }) => {
        return kind === 'NetworkPolicy' && spec.podSelector.matchLabels['app.kubernetes.io/component'] === 'consumer';
      })?.spec;

    it.each([
      ['as it comes', [[9376], [2801]], [[53, 53]]],
      ['socket', [[9376]], [[53, 53]]],
      ['mutual TLS', [[9376]], [[53, 53], [5060]]],
      ['bundled redis', [[9376], [2801]], [[53, 53], [6379]]],
      ['everything', [[9376], [2801]], [[53, 53], [443, 9093, 9443], [6380], [8443]]],
    ])('%s', (name, ingress, egress) => {
      expect(portsOf(consumer(name).ingress)).toEqual(ingress);
      expect(portsOf(consumer(name).egress)).toEqual(egress);
    });

    it('let Falco and the test post events, nobody else', () => {
      const [, intake] = consumer('http on a port of the node').ingress;
      expect(intake.from).toEqual([
        {
          podSelector: { matchLabels: { 'app.kubernetes.io/name': 'falco' } },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'falco' } },
        },
        { podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'test' }) } },
      ]);
    });

    it('for runner pods: none unless asked for, else metrics in, and out what the sidecar needs', () => {
      expect(of('sidecar by socket').find('NetworkPolicy', '-sidecar')).toBeUndefined();
      const { metadata, spec } = of('sidecar by mutual TLS').one('NetworkPolicy', '-sidecar');
      expect(metadata.namespace).toBe('runners');
      expect(spec.podSelector).toEqual({ matchLabels: { 'creance/sidecar': 'true' } });
      expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
      expect(portsOf(spec.ingress)).toEqual([[9376]]);
      expect(spec.ingress[0].from).toEqual([{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }]);
      expect(portsOf(spec.egress)).toEqual([[53, 53], [5060], [9093], [6379]]);
      expect(spec.egress[3].to).toEqual([
        {
          podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'redis' }) },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'agents' } },
        },
      ]);
    });

    it('for runner pods: one direction says nothing of the other', () => {
      const only = (networkPolicy: object) =>
        render(helm, {
          daemonset: { enabled: false },
          sidecar: { enabled: true, networkPolicy },
          source: { kind: 'socket' },
          store: { kind: 'redis', redis: { existingSecret: 'redis' } },
        }).one('NetworkPolicy', '-sidecar').spec;
      expect(only({ ingress: true })).toMatchObject({ policyTypes: ['Ingress'] });
      expect(only({ ingress: true })).not.toHaveProperty('egress');
      expect(only({ egress: true })).toMatchObject({ policyTypes: ['Egress'] });
      expect(only({ egress: true })).not.toHaveProperty('ingress');
    });

    it('let the consumers alone reach the bundled Redis', () => {
      const { spec } = of('bundled redis').one('NetworkPolicy', '-redis');
      expect(spec.ingress).toHaveLength(1);
      expect(spec.ingress[0].from[0].podSelector.matchLabels).toMatchObject({
        'app.kubernetes.io/component': 'consumer',
      });
      expect(spec.egress).toBeUndefined();
      const [{ from }] = of('sidecar by mutual TLS').one('NetworkPolicy', '-redis').spec.ingress;
      expect(from[1]).toEqual({
        podSelector: { matchLabels: { 'creance/sidecar': 'true' } },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'runners' } },
      });
    });
  });

  describe('the sidecar', () => {
    const snippet = (file: string, name = 'sidecar by socket') =>
      of(name).one('ConfigMap', '-snippets').data[file] ?? '';
    const asPod = (text: string) => {
      const [document] = documents(text) as readonly { template?: object }[];
      return (document?.template ?? document) as { metadata: object; spec: PodSpec & Record<string, unknown> };
    };
    const gitlabPatch = () => {
      const toml = snippet('gitlab.toml');
      return parseYaml(toml.slice(toml.indexOf("'''") + 3, toml.lastIndexOf("'''"))) as PodSpec &
        Record<string, unknown>;
    };
    const specs = (): Readonly<Record<string, PodSpec & Record<string, unknown>>> => ({
      pod: asPod(snippet('pod.yaml')).spec,
      arc: asPod(snippet('arc.yaml')).spec,
      jenkins: asPod(snippet('jenkins.yaml')).spec,
      gitlab: gitlabPatch(),
    });

    it('starts before the job and ends after it, with time to deliver', () => {
      for (const spec of Object.values(specs())) {
        expect(spec.initContainers).toEqual([expect.objectContaining({ name: 'creance', restartPolicy: 'Always' })]);
        expect(spec.terminationGracePeriodSeconds).toBe(60);
        expect(spec.initContainers?.[0]).toMatchObject({
          startupProbe: { httpGet: { path: '/readyz/source' }, failureThreshold: 60 },
        });
      }
      expect(asPod(snippet('pod.yaml', 'sidecar by mutual TLS')).spec.initContainers?.[0]).not.toHaveProperty(
        'startupProbe',
      );
    });

    it('is never on a node twice', () => {
      for (const spec of Object.values(specs()))
        expect(spec.affinity).toMatchObject({
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { 'creance/sidecar': 'true' } } },
            ],
          },
        });
      expect(asPod(snippet('arc.yaml')).metadata).toEqual({ labels: { 'creance/sidecar': 'true' } });
      expect(snippet('gitlab.toml')).toContain('"creance/sidecar" = "true"');
      expect(documents(snippet('tekton.yaml'))[1]).toMatchObject({
        metadata: { labels: { 'creance/sidecar': 'true' } },
      });
    });

    it('makes a pod that Kubernetes takes', async () => {
      const pods = Object.entries(specs()).map(([name, spec]) => {
        const { containers = [{ name: 'build', image: 'node:24' }], ...rest } = spec;
        return {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name },
          spec: { ...rest, containers },
        } as unknown as Manifest;
      });
      expect(typeErrors('1.29', pods)).toEqual([]);
      expect(typeErrors('1.34', pods)).toEqual([]);
      expect(await schemaErrors(pods)).toEqual([]);
    });

    it('passes the level restricted when it speaks TLS', () => {
      const { initContainers = [], volumes = [] } = asPod(snippet('pod.yaml', 'sidecar by mutual TLS')).spec;
      expect(restrictedViolations({ initContainers, volumes })).toEqual([]);
    });

    it('finds its settings in the namespace of the runners', () => {
      expect(of('sidecar by socket').one('ConfigMap', '-sidecar').metadata.namespace).toBe('runners');
      expect(specs().arc?.volumes).toContainEqual({ name: 'creance-config', configMap: { name: 'creance-sidecar' } });
    });

    it('comes with a warning', () => {
      expect(of('sidecar by socket').notes).toMatch(/WARNING: Falco gives each event to ONE consumer only/);
      expect(of('as it comes').notes).not.toContain('WARNING');
    });
  });

  describe('Falco', () => {
    it('gets the rules as they are', () => {
      const { data, metadata } = of('http on a port of the node').one('ConfigMap', '-falco-rules');
      expect(metadata.namespace).toBe('falco');
      const files = Object.keys(data);
      expect(files).toEqual(['creance_rules.yaml', 'creance_rules_minimal.yaml']);
      for (const file of files)
        expect(data[file]?.trimEnd()).toBe(readFileSync(join(ROOT, 'rules/falco', file), 'utf8').trimEnd());
    });

    it('gets values in the notes that lead it here', () => {
      const falco = (name: string) =>
        parseYaml(falcoValues(of(name))) as {
          falco: Record<string, unknown>;
          mounts: { volumes: readonly { configMap: { name: string } }[] };
        };
      const { falco: settings, mounts } = falco('as it comes');
      const { metadata, spec } = of('as it comes').one('Service', '-intake');
      const url = `http://${metadata.name}.${metadata.namespace}.svc:${spec.ports[0].port}/`;
      expect(settings).toMatchObject({ json_output: true, http_output: { enabled: true, url } });
      expect(settings).not.toHaveProperty('grpc');
      expect(mounts.volumes[0]?.configMap.name).toBe(of('as it comes').one('ConfigMap', '-falco-rules').metadata.name);
      expect(falco('socket').falco).toMatchObject({ grpc: { bind_address: 'unix:///run/falco/falco.sock' } });
      expect(falco('mutual TLS').falco).toMatchObject({ grpc: { bind_address: '0.0.0.0:5060' } });
    });
  });

  describe('examples', () => {
    const folders = readdirSync(join(CHART, 'examples'));
    const read = (name: string, file: string) => parseYaml(readFileSync(join(CHART, 'examples', name, file), 'utf8'));
    const example = (name: string) => render(helm, read(name, 'creance.yaml') as Values);

    it.each(folders)('%s renders', (name) => {
      const { ok, message } = example(name);
      expect(ok || message).toBe(true);
    });

    it.each(['falco-0.44-http', 'falco-0.43-socket', 'falco-0.43-tls'])(
      '%s: nothing is amiss to `creance doctor`',
      (name) => {
        const { falco } = read(name, 'falco.yaml') as { falco: object };
        const file = join(folder, 'doctor.yaml');
        writeFileSync(file, example(name).one('ConfigMap', 'creance').data['creance.yaml'] ?? '');
        const loaded = loadConfig({ file, env: {}, flags: [], cwd: folder });
        if (!loaded.ok) return expect.fail(loaded.message);
        const release = parseRelease(/[\d.]+/.exec(name)?.[0] ?? '');
        const checks = checkFalcoConfig('falco.yaml', stringify(falco), loaded.config.source, release);
        expect(checks.length).toBeGreaterThan(8);
        expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
      },
    );
  });
});
