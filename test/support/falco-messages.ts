import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** A `falco.outputs.response` as proto-loader gives it with the options below. */
export interface Response {
  readonly time?: { readonly seconds?: string | number; readonly nanos?: number } | null;
  readonly priority?: string | number;
  readonly rule?: string;
  readonly output?: string;
  readonly output_fields?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  readonly tags?: readonly string[];
  readonly source?: string;
}

export interface Version {
  readonly version?: string;
  readonly engine_version?: string;
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const definitions = loadSync(['falco/outputs.proto', 'falco/version.proto'], {
  includeDirs: [file('../../proto')],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
});

export const outputsService = definitions['falco.outputs.service'] as ServiceDefinition;
export const versionService = definitions['falco.version.service'] as ServiceDefinition;

const sub = outputsService.sub as MethodDefinition<object, Response>;
const version = versionService.version as MethodDefinition<object, Version>;

export const encodeResponse = (response: Response): Buffer => sub.responseSerialize(response);
export const decodeResponse = (bytes: Buffer): Required<Response> =>
  sub.responseDeserialize(bytes) as Required<Response>;
export const encodeVersion = (answer: Version): Buffer => version.responseSerialize(answer);
export const decodeVersion = (bytes: Buffer): Version => version.responseDeserialize(bytes);

/** Real messages of a Falco 0.43.1. */
export const realMessages = (name: 'line-output' | 'json-output' | 'version'): readonly Buffer[] =>
  readFileSync(file(`../fixtures/wire/grpc-${name}.b64`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64'));

/** What Falco's gRPC output would have sent for an event that its JSON outputs wrote as `line`. */
export const responseOfJson = (line: string): Buffer => {
  // Nanoseconds are above 2^53: as numbers they would be rounded.
  const event = JSON.parse(line.replace(/"([\w.]+)":(\d{16,})/g, '"$1":"$2"'));
  const [moment, fraction = ''] = String(event.time).replace(/Z$/, '').split('.');
  const fields = Object.entries(event.output_fields ?? {}).map(([name, value]) => [
    name,
    value === null ? '<NA>' : String(value),
  ]);
  return encodeResponse({
    ...event,
    time: { seconds: Date.parse(`${moment}Z`) / 1000, nanos: Number(fraction.padEnd(9, '0')) },
    priority: String(event.priority).toUpperCase(),
    output_fields: Object.fromEntries(fields),
  });
};

/** A small event: number `n`, `n` seconds into the year 2026. */
export const numbered = (n: number): Buffer =>
  encodeResponse({
    time: { seconds: 1_767_225_600 + n, nanos: 0 },
    priority: 'NOTICE',
    rule: 'Agent exec',
    output_fields: { 'evt.num': String(n) },
    hostname: 'vm',
    tags: ['creance'],
    source: 'syscall',
  });

export const numberOf = (bytes: Uint8Array): number =>
  Number(decodeResponse(Buffer.from(bytes)).output_fields['evt.num']);
export const timeOf = (n: number): bigint => BigInt(1_767_225_600 + n) * 1_000_000_000n;
