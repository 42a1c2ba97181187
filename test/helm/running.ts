import { spawn } from 'node:child_process';
import { pino } from 'pino';
import { openKnowledge } from '../../src/app/knowledge.ts';
import { watch } from '../../src/app/watch.ts';
import { loadConfig } from '../../src/config.ts';
import { until } from '../support/until.ts';

export interface Running {
  /** `http://HOST:PORT` of livez, readyz and metrics. */
  readonly address: string;
  /** Where it listens for Falco, if it does. */
  readonly intake: string;
  stop(): Promise<void>;
}

/** The service as the chart runs it, in this process: it listens for Falco, and knows one Alertmanager, which is not there. */
export const startService = async (more: Readonly<Record<string, string>> = {}): Promise<Running> => {
  const settings = {
    'source.url': 'http://127.0.0.1:0/',
    'server.listen': '127.0.0.1:0',
    store: 'memory:',
    'alert.alertmanagers': 'http://127.0.0.1:1',
    graceMs: '2000',
    'alert.flushMs': '10',
    ...more,
  };
  const flags = Object.entries(settings).map(([key, value]) => ({ flag: '--set', key, value }));
  const loaded = loadConfig({ env: {}, flags, cwd: '/' });
  if (!loaded.ok) throw new Error(loaded.message);
  const stop = new AbortController();
  const deps = { config: loaded.config, log: pino({ level: 'silent' }), signal: stop.signal };
  let address = '';
  const onListening = (url: string) => {
    address = url;
  };
  const ended = watch(await openKnowledge(deps), deps, { onVerdict: () => {}, onListening });
  ended.catch(() => {});
  await until(() => address !== '', { timeoutMs: 5_000 });
  const listens = async () =>
    /listening on (\S+)/.exec(await (await fetch(`${address}/readyz`)).text().then(unescaped))?.[1];
  const { url } = loaded.config.source;
  return {
    address,
    intake: url.startsWith('http://') ? await until(listens, { timeoutMs: 5_000 }) : '',
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
};

const unescaped = (json: string): string => json.replaceAll('"', ' ');

/** Runs a program in Node beside this process, which must go on answering. */
export const node = async (args: readonly string[], env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [...args], { env: { PATH: process.env.PATH, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
};
