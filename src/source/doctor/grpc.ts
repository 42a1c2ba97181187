import { type Check, checksOf } from '../../model/check.ts';
import { parseGrpcAddress } from '../grpc/address.ts';
import { lacksGrpc } from './release.ts';
import type { FalcoSettings } from './settings.ts';
import type { ConfigCheck, Wanted } from './wanted.ts';

const { ok, warning, problem } = checksOf('falco.yaml');

const KEYS = ['grpc', 'grpc_output'] as const;
const USE_HTTP =
  'json_output: true\nhttp_output:\n  enabled: true\n  url: http://127.0.0.1:2801/\n  keep_alive: true\nand for creance: source.url: http://127.0.0.1:2801/';

/** The gRPC output: wanted up to Falco 0.43, fatal from 0.44 on. */
export const checkGrpc: ConfigCheck = (settings, wanted) => {
  const present = KEYS.filter((key) => settings.has(key));
  if (lacksGrpc(wanted.release)) return checkRemoved(present, wanted);
  if (wanted.transport === 'grpc')
    return [...checkEnabled(settings), ...checkAddress(settings, wanted), ...future(wanted)];
  if (!settings.flag('grpc_output.enabled', false)) return [];
  return [
    warning(
      'grpc_output.enabled',
      'events pile up in Falco’s memory without limit, because nobody takes them: creance takes them elsewhere',
      'grpc_output:\n  enabled: false',
    ),
  ];
};

const checkRemoved = (present: readonly string[], { transport, release }: Wanted): readonly Check[] => [
  ...present.map((key) =>
    problem(key, `Falco ${release?.text} does not start while this key stands in its configuration`, `remove ${key}`),
  ),
  ...(transport === 'grpc'
    ? [problem('source.url', `Falco ${release?.text} has no gRPC output: 0.43 was the last that had`, USE_HTTP)]
    : []),
];

const checkEnabled = (settings: FalcoSettings): readonly Check[] =>
  KEYS.map((key) =>
    settings.flag(`${key}.enabled`, false)
      ? ok(`${key}.enabled`, 'is on')
      : problem(`${key}.enabled`, 'is off: Falco does not listen for creance', `${key}:\n  enabled: true`),
  );

const checkAddress = (settings: FalcoSettings, { source }: Wanted): readonly Check[] => {
  const ours = parseGrpcAddress(source.url);
  const theirs = settings.text('grpc.bind_address') ?? '0.0.0.0:5060';
  if (!ours) return [];
  const same =
    ours.kind === 'unix' ? theirs === `unix://${ours.path}` : theirs.split(':').at(-1) === ours.shown.split(':').at(-1);
  const address = ours.kind === 'unix' ? `unix://${ours.path}` : `0.0.0.0:${ours.shown.split(':').at(-1)}`;
  const checks = [
    same
      ? ok('grpc.bind_address', `${theirs} is where source.url looks`)
      : problem(
          'grpc.bind_address',
          `Falco listens at ${theirs}, and source.url is ${source.url}`,
          `grpc:\n  bind_address: ${address}`,
        ),
  ];
  if (ours.kind === 'unix') return checks;
  const missing = ['private_key', 'cert_chain', 'root_certs'].filter((key) => !settings.has(`grpc.${key}`));
  if (missing.length === 0) return checks;
  const fix = `grpc:\n${missing.map((key) => `  ${key}: /etc/falco/certs/${FILES[key]}`).join('\n')}`;
  return [
    ...checks,
    problem('grpc TLS', `Falco serves gRPC on TCP with mutual TLS only; not set: ${missing.join(', ')}`, fix),
  ];
};

const FILES: Readonly<Record<string, string>> = {
  private_key: 'server.key',
  cert_chain: 'server.crt',
  root_certs: 'ca.crt',
};

/** Without the number of the release, the most that can be said. */
const future = ({ release }: Wanted): readonly Check[] =>
  release
    ? []
    : [
        warning(
          'grpc',
          'works up to Falco 0.43; from 0.44 on Falco does not start while these keys stand here',
          `stay at 0.43, name the release with --falco-version, or write:\n${USE_HTTP}`,
        ),
      ];
