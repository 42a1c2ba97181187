import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Server, startAlertmanager, startRedis } from '../support/servers.ts';
import { Creance } from './creance.ts';
import { type Feed, grpcFeed, httpFeed } from './feed.ts';
import { type Front, startFront } from './front.ts';
import { Known } from './known.ts';
import { RESEND_MS, settingsOf } from './settings.ts';
import { startWebhook, type Webhook } from './webhook.ts';

/** Everything that takes part, started. */
export interface Scene {
  readonly alertmanagers: readonly [Server, Server];
  /** Before each Alertmanager, and what it says it knows. */
  readonly fronts: readonly Front[];
  readonly known: readonly Known[];
  readonly redis: Server;
  readonly feed: Feed;
  readonly webhook: Webhook;
  /** The alert file. */
  readonly file: string;
  readonly creance: Creance;
}

export interface SceneOptions {
  /** `main.js` of the built program. */
  readonly program: string;
  readonly transport: 'grpc' | 'http';
  /** After how long a session ends whose exit was lost. In milliseconds. */
  readonly silenceMs: number;
}

/** `later` is told how to clean up what was started. */
export const setScene = async (
  { program, transport, silenceMs }: SceneOptions,
  later: (cleanup: () => unknown) => void,
): Promise<Scene> => {
  const folder = mkdtempSync(join(tmpdir(), 'creance-soak-'));
  later(() => rmSync(folder, { recursive: true, force: true }));
  const keep = async (starting: Promise<Server>): Promise<Server> => {
    const server = await starting;
    later(() => server.dispose());
    return server;
  };
  const alertmanagers = await Promise.all([keep(startAlertmanager()), keep(startAlertmanager())]);
  const redis = await keep(startRedis(['--save', '', '--appendonly', 'yes']));
  const feed = await (transport === 'grpc' ? grpcFeed() : httpFeed());
  later(() => feed.dispose());
  const life = () => creance.life.number;
  const webhook = await startWebhook(life);
  later(() => webhook.close());
  const fronts = await Promise.all(alertmanagers.map(({ url }) => startFront(url, 2 * RESEND_MS, life)));
  for (const front of fronts) later(() => front.close());
  const port = await freePort();
  const file = join(folder, 'alerts.jsonl');
  const settings = settingsOf({
    ...{ source: feed.url, store: `${redis.url}/0`, alertmanagers: fronts.map(({ url }) => url), webhook: webhook.url },
    ...{ file, spool: join(folder, 'spool'), port, silenceMs },
  });
  const creance = new Creance({ args: [program, 'watch', ...settings], port, folder, file });
  later(() => creance.dispose());
  await creance.start();
  const known = alertmanagers.map(({ url }) => new Known(url));
  return { alertmanagers, fronts, known, redis, feed, webhook, file, creance };
};
