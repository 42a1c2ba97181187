import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';

export const CHART = join(import.meta.dirname, '../../helm/creance');

export const chartFile = (name: string): string => readFileSync(join(CHART, name), 'utf8');

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: what a kind has is checked against Kubernetes' own schemas
  readonly spec: any;
  readonly data: Readonly<Record<string, string>>;
}

/** A tree of values, as in a values file. */
export type Values = Readonly<Record<string, unknown>>;

export interface Rendered {
  readonly ok: boolean;
  /** What helm said when it refused. */
  readonly message: string;
  readonly manifests: readonly Manifest[];
  readonly notes: string;
  /** The one manifest of this kind whose name ends so. */
  one(kind: string, nameEnd?: string): Manifest;
  find(kind: string, nameEnd?: string): Manifest | undefined;
}

/** Renders the chart as release `creance` in namespace `agents`, without a cluster. */
export const render = (helm: string, values: Values = {}): Rendered => {
  // A dry run on the client renders the notes as well.
  const args = ['install', 'creance', CHART, '--namespace', 'agents', '--dry-run=client', '--output=json', '-f', '-'];
  const { status, stdout, stderr } = spawnSync(helm, args, {
    input: stringify(values),
    encoding: 'utf8',
    maxBuffer: 64_000_000,
    env: { ...process.env, KUBECONFIG: '/nonexistent' },
  });
  const release = status === 0 ? JSON.parse(stdout) : { manifest: '', hooks: [], info: { notes: '' } };
  const text = [release.manifest, ...(release.hooks ?? []).map((hook: { manifest: string }) => hook.manifest)].join(
    '\n---\n',
  );
  const manifests = documents(text) as readonly Manifest[];
  const find = (kind: string, nameEnd = '') =>
    manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name.endsWith(nameEnd));
  return {
    ok: status === 0,
    message: stderr,
    manifests,
    notes: release.info.notes ?? '',
    find,
    one: (kind, nameEnd) => {
      const found = find(kind, nameEnd);
      if (!found) throw new Error(`no ${kind} …${nameEnd ?? ''} among the manifests\n${stderr}`);
      return found;
    },
  };
};

/** The values for Falco's chart that the notes tell. */
export const falcoValues = ({ notes }: Rendered): string =>
  `${notes.slice(notes.indexOf('falco:\n'), notes.search(/\n\n(2\.|NOTE)/)).trim()}\n`;

/** Every document of a YAML text that is not empty. */
export const documents = (text: string): readonly unknown[] => {
  const parsed = parseAllDocuments(text);
  if (!Array.isArray(parsed)) return [];
  return parsed
    .map((document) => {
      if (document.errors.length > 0) throw new Error(String(document.errors[0]));
      return document.toJS();
    })
    .filter((document) => document !== null);
};

export const parseYaml = (text: string): unknown => parse(text);

/** Values for each way to run it: what the tests hold true for all of them. */
export const MATRIX: Readonly<Record<string, Values>> = {
  'as it comes': {},
  'http on a port of the node': { source: { http: { expose: 'hostPort' } }, falco: { namespace: 'falco' } },
  'https with a secret path': {
    source: { http: { existingSecret: 'intake', tls: { existingSecret: 'intake-tls', verifyClient: true } } },
  },
  socket: { source: { kind: 'socket' } },
  'mutual TLS': { source: { kind: 'tls', tls: { existingSecret: 'falco-client' } } },
  'mutual TLS to a host': { source: { kind: 'tls', tls: { existingSecret: 'falco-client', host: 'falco.example' } } },
  'bundled redis': { store: { kind: 'redis', redis: { bundled: { enabled: true } } } },
  everything: {
    fullnameOverride: 'watcher',
    commonLabels: { team: 'platform' },
    image: { registry: 'registry.example', digest: `sha256:${'0'.repeat(64)}`, pullSecrets: [{ name: 'pull' }] },
    daemonset: {
      nodeSelector: { 'node-role': 'ci' },
      tolerations: [{ key: 'ci', operator: 'Exists' }],
      priorityClassName: 'system-node-critical',
      podLabels: { a: 'b' },
      podAnnotations: { c: 'd' },
      affinity: { nodeAffinity: {} },
    },
    config: {
      graceMs: 25_000,
      alert: {
        alertmanagers: ['http://am-0.monitoring:9093', 'https://am.example', 'http://am-1.monitoring:9093'],
        webhook: { url: 'https://hook.example:9443/x' },
      },
      source: { queue: { capacity: 1_048_576 }, http: { maxBodyBytes: 2_097_152 } },
      detect: { baseline: { falseAlertsPerSession: 0.0005 } },
      log: { level: 'debug' },
    },
    store: { kind: 'redis', redis: { existingSecret: 'redis' } },
    extraEnv: [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=384' }],
    extraVolumes: [{ name: 'extra', emptyDir: {} }],
    extraVolumeMounts: [{ name: 'extra', mountPath: '/extra' }],
    networkPolicy: {
      metrics: { from: [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }] },
      alerts: { to: [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }] },
      redis: { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], port: 6380 },
      extraEgress: [{ ports: [{ port: 8443, protocol: 'TCP' }] }],
    },
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    prometheusRule: { enabled: true, labels: { release: 'prometheus' }, alertLabels: { team: 'platform' } },
    dashboard: { enabled: true },
  },
  'sidecar by socket': {
    daemonset: { enabled: false },
    sidecar: { enabled: true, namespace: 'runners' },
    source: { kind: 'socket' },
    store: { kind: 'redis', redis: { existingSecret: 'redis' } },
  },
  'sidecar by mutual TLS': {
    daemonset: { enabled: false },
    sidecar: {
      enabled: true,
      namespace: 'runners',
      waitForFalco: false,
      podMonitor: { enabled: true, labels: { release: 'prometheus' } },
      networkPolicy: { ingress: true, egress: true },
    },
    source: { kind: 'tls', tls: { existingSecret: 'falco-client' } },
    store: { kind: 'redis', redis: { bundled: { enabled: true } } },
    config: { alert: { alertmanagers: ['http://am-0.monitoring:9093'] } },
    networkPolicy: { metrics: { from: [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }] } },
    prometheusRule: { enabled: true },
  },
};
