import { fileURLToPath } from 'node:url';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const protoDir = fileURLToPath(new URL('../../../proto', import.meta.url));

const definitions = loadSync(['falco/outputs.proto', 'falco/version.proto'], {
  includeDirs: [protoDir],
  keepCase: true,
  defaults: true,
});

/** What Falco says of itself. */
export interface FalcoVersion {
  readonly version: string;
  readonly engine_version: string;
}

const method = <Request, Response>(service: string, name: string): MethodDefinition<Request, Response> => {
  const found = (definitions[service] as ServiceDefinition | undefined)?.[name];
  if (!found) throw new Error(`proto/ declares no ${service}/${name}`);
  return found as MethodDefinition<Request, Response>;
};

/** `/falco.outputs.service/sub`; its answers stay bytes, because only the decoder knows which of their fields are worth reading. */
export const subMethod = {
  ...method<object, Buffer>('falco.outputs.service', 'sub'),
  responseDeserialize: (bytes: Buffer) => bytes,
};

/** `/falco.version.service/version`. */
export const versionMethod = method<object, FalcoVersion>('falco.version.service', 'version');
