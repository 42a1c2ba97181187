import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { until } from './until.ts';

/** The real servers that tests may start, and the Debian package that each comes with. */
const PACKAGES = { 'redis-server': 'redis-server', 'prometheus-alertmanager': 'prometheus-alertmanager' } as const;
type Binary = keyof typeof PACKAGES;

/** A real server in a process and a folder of its own. */
export interface Server {
  readonly port: number;
  readonly url: string;
  /** What it has written to its standard output and error so far. */
  output(): string;
  /** Ends it in good order. It can be started again. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and with the same folder. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  dispose(): Promise<void>;
}

/** A suite against a real server. Without the program it is skipped aloud, but fails where `CI=true` stands. */
export const describeWithServer = (binary: Binary, title: string, suite: () => void): void => {
  if (isInstalled(binary)) return void describe(title, suite);
  const message = `${binary} is not installed (Debian package ${PACKAGES[binary]}): "${title}" is not tested`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(message);
  describe.skip(title, suite);
};

export interface AlertmanagerOptions {
  /** The configuration file; by default every alert goes to a receiver that tells nobody. */
  readonly config?: string;
  /** Makes it one of a cluster of two; by default it stands alone. */
  readonly cluster?: { readonly port: number; readonly peer: number };
  /** The web configuration: TLS and passwords. It is ready then when its port is open, and its URL is `https:`. */
  readonly web?: string;
}

const SILENT = 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n';

export const startAlertmanager = async ({
  config = SILENT,
  cluster,
  web = '',
}: AlertmanagerOptions = {}): Promise<Server> =>
  startServer('prometheus-alertmanager', {
    files: { 'alertmanager.yml': config, 'web.yml': web },
    args: (folder, port) => [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.config.file=${join(folder, 'web.yml')}`,
      ...clusterFlags(cluster),
    ],
    url: (port) => `${web ? 'https' : 'http'}://127.0.0.1:${port}`,
    isReady: web ? isOpen : async (port) => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok,
  });

const clusterFlags = (cluster: AlertmanagerOptions['cluster']): readonly string[] =>
  cluster
    ? [
        `--cluster.listen-address=127.0.0.1:${cluster.port}`,
        `--cluster.peer=127.0.0.1:${cluster.peer}`,
        '--cluster.settle-timeout=1s',
      ]
    : ['--cluster.listen-address='];

/** A Redis that keeps nothing on disk unless `args` say so; its folder survives `stop` and `kill`. */
export const startRedis = async (args: readonly string[] = ['--save', '', '--appendonly', 'no']): Promise<Server> =>
  startServer('redis-server', {
    files: {},
    args: (folder, port) => ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...args],
    url: (port) => `redis://127.0.0.1:${port}`,
    isReady: answersPing,
  });

interface Program {
  readonly files: Readonly<Record<string, string>>;
  readonly args: (folder: string, port: number) => readonly string[];
  readonly url: (port: number) => string;
  readonly isReady: (port: number) => Promise<boolean>;
}

const startServer = async (binary: Binary, program: Program): Promise<Server> => {
  const folder = await mkdtemp(join(tmpdir(), `creance-${binary}-`));
  for (const [name, text] of Object.entries(program.files)) await writeFile(join(folder, name), text);
  const port = await freePort();
  let child: ChildProcess | undefined;
  let output = '';

  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    await exited;
  };
  const start = async () => {
    const started = spawn(binary, program.args(folder, port), { stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk) => (output += chunk));
    const isDead = () => started.exitCode !== null || started.signalCode !== null;
    const isUp = await until(() => isDead() || program.isReady(port), { timeoutMs: 15_000, everyMs: 20 }).catch(
      () => false,
    );
    if (!isUp || isDead()) {
      await end('SIGKILL');
      throw new Error(`${binary} did not start:\n${output}`);
    }
  };
  const onExit = () => child?.kill('SIGKILL');
  process.once('exit', onExit);
  const dispose = async () => {
    process.off('exit', onExit);
    await end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  await start().catch(async (error) => {
    await dispose();
    throw error;
  });
  return {
    port,
    url: program.url(port),
    output: () => output,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start,
    dispose,
  };
};

/** A port that nobody listened on a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const isInstalled = (binary: Binary): boolean => {
  try {
    execFileSync(binary, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const answersPing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
