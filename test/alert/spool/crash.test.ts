import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithServer, type Server, startAlertmanager, startRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import type { WireAlert } from '../stub.ts';

const root = join(import.meta.dirname, '../../..');
const lines = gunzipSync(
  readFileSync(join(root, 'test/recordings/judge/claude-a00-aws-creds-exfil.jsonl.gz')),
).toString();

/** Where alerts are kept, and what is there. */
interface Store {
  readonly url: string;
  readonly kept: () => Promise<string>;
}

const killed = (open: (folder: string) => Store): void => {
  const folder = mkdtempSync(join(tmpdir(), 'creance-crash-'));
  const events = join(folder, 'events.jsonl');
  let server: Server;
  let store: Store;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startAlertmanager();
    store = open(folder);
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The program itself, following a file of events. */
  const start = (over: Readonly<Record<string, string>> = {}) => {
    const loader = join(root, 'test/bench/typescript.mjs');
    const settings = { 'source.url': events, 'source.file.follow': 'true', 'alert.alertmanagers': server.url };
    const more = {
      store: store.url,
      'server.listen': '127.0.0.1:0',
      'alert.resendMs': '300',
      'alert.minFiringMs': '1',
    };
    const sets = Object.entries({ ...settings, ...more, ...over }).flatMap(([key, value]) => [
      '--set',
      `${key}=${value}`,
    ]);
    const child = spawn(process.execPath, ['--import', loader, join(root, 'src/main.ts'), 'watch', ...sets], {
      cwd: folder,
    });
    children.push(child);
    let output = '';
    let log = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (log += chunk));
    const kill = async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    return { kill, output: () => output, log: () => log };
  };
  const held = async () => (await (await fetch(`${server.url}/api/v2/alerts`)).json()) as readonly WireAlert[];

  it('loses no alert, goes on with those that fire, repeats none, and lets them go when no session comes back', async () => {
    const all = lines.trim().split('\n');
    const theft = all.findIndex((line) => line.includes('"evt.type":"connect"') && line.includes('203.0.113.66'));
    await server.stop();
    writeFileSync(events, `${all.slice(0, theft + 60).join('\n')}\n`);
    const first = start();
    await until(() => first.output().includes('credential-read-then-egress'), { timeoutMs: 20_000 }).catch((error) => {
      throw new Error(`${error}\n${first.output()}\n${first.log()}`);
    });
    await first.kill();
    const kept = await store.kept();
    await server.start();
    expect(await held()).toEqual([]);

    // It begins where the first left off; the file of events is a new one.
    rmSync(events);
    writeFileSync(events, '');
    const second = start();
    const alert = await until(
      async () => {
        const found = (await held()).find(({ labels }) => labels.rule === 'credential-read-then-egress');
        return found?.labels.severity === 'critical' && found;
      },
      { timeoutMs: 30_000 },
    ).catch((error) => {
      throw new Error(`${error}\n${second.output()}\n${second.log()}\nKEPT ${kept}\n${first.output()}`);
    });
    expect(kept).toContain(JSON.stringify(alert?.annotations.summary));
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // several re-sends
    const firing = await held();
    expect(new Set(firing.map(({ labels }) => JSON.stringify(labels))).size).toBe(firing.length);
    expect(second.output()).not.toContain(`firing   critical CreanceSequenceMatched`);
    await second.kill();

    // Nobody sees the session again: it ended while no process looked.
    const third = start({ 'alert.orphanMs': '1000' });
    await until(() => third.output().includes('resolved critical CreanceSequenceMatched'), { timeoutMs: 20_000 });
    await until(async () => (await held()).every(({ labels }) => labels.rule !== 'credential-read-then-egress'));
    await third.kill();
  }, 90_000);
};

describeWithServer(
  'prometheus-alertmanager',
  'creance, killed between finding and delivery, with a store of files',
  () =>
    killed((folder) => ({
      url: `file:${folder}/store`,
      kept: async () => readFileSync(join(folder, 'store/alerts/journal.jsonl'), 'utf8'),
    })),
);

describeWithServer('prometheus-alertmanager', 'creance, killed between finding and delivery', () => {
  describeWithServer('redis-server', 'with a store in Redis', () => {
    let redis: Server;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis?.dispose());
    killed(() => ({
      url: redis.url,
      kept: async () => {
        const client = new Redis(redis.port);
        const values = await client.hvals(`creance:spool:{${encodeURIComponent(hostname())}}:alerts`);
        client.disconnect();
        return values.join('');
      },
    }));
  });
});
