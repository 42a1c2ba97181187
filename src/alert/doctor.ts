import { z } from 'zod';
import { type Check, checksOf } from '../model/check.ts';
import type { Clock } from '../platform/clock.ts';
import type { AlertConfig } from './config.ts';
import { ask } from './http/ask.ts';
import { HttpClient } from './http/client.ts';
import { type Endpoint, endpointOf } from './http/endpoint.ts';
import { addressesOf, type ResolveSrv, resolveSrv, srvNameOf } from './http/srv.ts';

const { ok, warning, problem } = checksOf('alertmanager');

/** Of `/api/v2/status`, what decides whether alerts arrive. */
const statusSchema = z.object({
  versionInfo: z.object({ version: z.string() }),
  cluster: z.object({ status: z.string(), peers: z.array(z.unknown()).nullish() }),
});
type Status = z.infer<typeof statusSchema>;

/** The first with UTF-8 safe matchers and the API as we use it. */
const OLDEST_MINOR = 22;

/** Asks every configured Alertmanager whether it is ready, which release it is and how many there are. Never rejects. */
export const checkAlertmanagers = async (
  config: AlertConfig,
  clock: Clock,
  resolve: ResolveSrv = resolveSrv,
): Promise<readonly Check[]> => {
  if (config.alertmanagers.length === 0) return [withoutAlertmanager(config)];
  const named = await Promise.all(config.alertmanagers.map((address) => lookUp(address, resolve)));
  const addresses = named.flatMap((found) => found.addresses ?? []);
  const lost = named.flatMap(({ check }) => (check ? [check] : []));
  const all = await Promise.all(
    addresses.map((url) => checkOne(endpointOf(url), { ...config, alertmanagers: [...addresses] }, clock)),
  );
  return [...lost, ...all.flat()];
};

const withoutAlertmanager = ({ file, ...config }: AlertConfig): Check => {
  const name = 'alert.alertmanagers';
  const receivers = (['webhook', 'falco', 'otlp'] as const).filter((kind) => config[kind].url !== undefined);
  const outputs = [...(file === undefined ? [] : ['file']), ...receivers].map((kind) => `alert.${kind}`);
  return outputs.length > 0
    ? ok(name, `none is named: alerts go to ${outputs.join(', ')}`)
    : warning(
        name,
        'none is named: alerts go to standard output only',
        'alert:\n  alertmanagers: [http://alertmanager:9093]',
      );
};

/** The addresses that one entry of the configuration stands for, or why it stands for none. */
const lookUp = async (
  address: string,
  resolve: ResolveSrv,
): Promise<{ readonly addresses?: readonly string[]; readonly check?: Check }> => {
  const srv = srvNameOf(address);
  if (!srv) return { addresses: [address] };
  try {
    return { addresses: await addressesOf(srv, resolve) };
  } catch (error) {
    return { check: problem(srv.name, `cannot be looked up: ${reasonOf(error)}`, 'see that DNS has this SRV name') };
  }
};

const checkOne = async (endpoint: Endpoint, config: AlertConfig, clock: Clock): Promise<readonly Check[]> => {
  const { name } = endpoint;
  const client = new HttpClient(config.http, { clock, section: 'alert.http' });
  const get = (path: string) => ask(endpoint, path, { client, timeoutMs: config.timeoutMs, clock });
  const fix = 'see that it runs, that alert.alertmanagers names it by host, port and path prefix, and its credentials';
  try {
    const ready = await get('/-/ready');
    if (ready.status !== 200)
      return [problem(name, `is not ready: ${ready.status} ${ready.text.slice(0, 200)}`.trim(), fix)];
    const { status, text } = await get('/api/v2/status');
    const parsed = statusSchema.safeParse(status === 200 ? JSON.parse(text) : undefined);
    if (!parsed.success)
      return [problem(name, `does not answer /api/v2/status as an Alertmanager does (${status})`, fix)];
    return judge(name, parsed.data, config.alertmanagers.length);
  } catch (error) {
    return [problem(name, `does not answer: ${reasonOf(error)}`, fix)];
  } finally {
    await client.destroy();
  }
};

const judge = (name: string, { versionInfo: { version }, cluster }: Status, configured: number): readonly Check[] => {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const old = major === '0' && Number(minor) < OLDEST_MINOR;
  const peers = cluster.peers?.length ?? 0;
  return [
    old
      ? problem(name, `is ${version}, and creance needs 0.${OLDEST_MINOR} or later`, 'upgrade Alertmanager')
      : ok(name, `is ready, ${version}`),
    ...(peers > configured
      ? [
          warning(
            name,
            `is one of a cluster of ${peers}, of which ${configured} are configured: what only one is told is lost with it`,
            'name every one in alert.alertmanagers, never a load balancer',
          ),
        ]
      : []),
  ];
};

const reasonOf = (error: unknown): string => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : String(message ?? error);
};
