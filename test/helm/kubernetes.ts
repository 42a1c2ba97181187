import { join } from 'node:path';
import ts from 'typescript';
import type { Manifest } from './chart.ts';

/** Kubernetes' own description of its objects, as two packages made types of it: of 1.29 and of 1.34. */
const TYPES = {
  '1.29': ({ apiVersion, kind }: Manifest) => [`kubernetes-types/${folderOf(apiVersion)}`, kind] as const,
  '1.34': ({ apiVersion, kind }: Manifest) => [`kubernetes-models/${apiVersion}`, `I${kind}`] as const,
};
export type Release = keyof typeof TYPES;

/** `apps/v1` stays, `networking.k8s.io/v1` is `networking/v1`, `v1` is `core/v1`. */
const folderOf = (apiVersion: string): string => {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? `core/${group}` : `${group.split('.')[0]}/${version}`;
};

/** What the compiler says of manifests written as literals of their types: unknown and missing keys, wrong types. */
export const typeErrors = (release: Release, manifests: readonly Manifest[]): readonly string[] => {
  const lines = manifests.map((manifest, index) => {
    const [module, type] = TYPES[release](manifest);
    return `const m${index}: import('${module}').${type} = ${JSON.stringify(manifest)};`;
  });
  const path = join(import.meta.dirname, `manifests-${release}.ts`);
  const source = lines.join('\n');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.readFile = (name) => (name === path ? source : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === path ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([path], options, host));
  return diagnostics.map(({ messageText, start = 0, file }) => {
    const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
    const { kind, metadata } = manifests[line] ?? { kind: '?', metadata: { name: '?' } };
    return `${kind} ${metadata.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
};

interface Model {
  validate(): void;
}

/** What the validators say that are made from the schemas of Kubernetes 1.34 and of the Prometheus operator. */
export const schemaErrors = async (manifests: readonly Manifest[]): Promise<readonly string[]> => {
  const errors: string[] = [];
  for (const manifest of manifests) {
    const { apiVersion, kind, metadata } = manifest;
    const name = apiVersion.startsWith('monitoring.coreos.com/')
      ? '@kubernetes-models/prometheus-operator'
      : 'kubernetes-models';
    const module: Record<string, new (data: object) => Model> = await import(`${name}/${apiVersion}`);
    const Kind = module[kind];
    try {
      if (!Kind) throw new Error('no such kind');
      new Kind(manifest).validate();
    } catch (error) {
      errors.push(`${kind} ${metadata.name}: ${(error as Error).message}`);
    }
  }
  return errors;
};

interface Container {
  readonly name: string;
  readonly ports?: readonly { readonly hostPort?: number }[];
  readonly securityContext?: {
    readonly privileged?: boolean;
    readonly allowPrivilegeEscalation?: boolean;
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly seccompProfile?: { readonly type: string };
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  };
}
export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
}

const ALLOWED_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** What the Pod Security level `restricted` refuses of a pod. */
export const restrictedViolations = (pod: PodSpec): readonly string[] => {
  const containers = [...(pod.containers ?? []), ...(pod.initContainers ?? [])];
  const volumes = (pod.volumes ?? []).flatMap(({ name, ...kinds }) =>
    Object.keys(kinds)
      .filter((kind) => !ALLOWED_VOLUMES.includes(kind))
      .map((kind) => `volume ${kind}`),
  );
  const host = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((key) => pod[key]);
  return [
    ...host,
    ...volumes,
    ...containers.flatMap(({ ports = [], securityContext: context = {} }) => {
      const { privileged, allowPrivilegeEscalation, runAsNonRoot, runAsUser, seccompProfile, capabilities } = context;
      return [
        ...(ports.some(({ hostPort }) => hostPort !== undefined) ? ['hostPort'] : []),
        ...(privileged ? ['privileged'] : []),
        ...(allowPrivilegeEscalation === false ? [] : ['allowPrivilegeEscalation']),
        ...(runAsNonRoot === true ? [] : ['runAsNonRoot']),
        ...(runAsUser === 0 ? ['runAsUser'] : []),
        ...(seccompProfile?.type === 'RuntimeDefault' ? [] : ['seccompProfile']),
        ...(capabilities?.drop?.includes('ALL') && !capabilities.add ? [] : ['capabilities']),
      ];
    }),
  ];
};
