import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { idOf, readLine } from '../../../src/alert/spool/line.ts';
import type { HealthReport } from '../../../src/platform/health.ts';
import { expectCounted, expectLog, expectReadyz, fault, type LogLine } from '../../faults/fault.ts';
import type { Fault } from '../../faults/row.ts';
import { describeWithServer, type Server, startAlertmanager, startRedis } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import type { WireAlert } from '../stub.ts';

const root = join(import.meta.dirname, '../../..');
const lines = gunzipSync(
  readFileSync(join(root, 'test/recordings/judge/claude-a00-aws-creds-exfil.jsonl.gz')),
).toString();

const RULE = 'credential-read-then-egress';

type Held = WireAlert & { readonly updatedAt: string };

/** Where alerts are kept, and what is there. */
interface Store {
  readonly url: string;
  readonly kept: () => Promise<string>;
}

/** Holds the process that goes on after a `kill -9` to the row. */
const killed = (row: Fault, open: (folder: string) => Store): void => {
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
    const lines = (): readonly (LogLine & { readonly address?: string })[] =>
      log.split('\n').flatMap((line) => (line.startsWith('{') ? JSON.parse(line) : []));
    const ask = async (path: string) => {
      const { address } = await until(() => lines().find(({ address: found }) => found !== undefined));
      return fetch(`${address}/${path}`);
    };
    const readyz = async () => (await (await ask('readyz')).json()) as HealthReport;
    return {
      kill,
      output: () => output,
      log: () => log,
      lines,
      readyz,
      metrics: async () => (await ask('metrics')).text(),
    };
  };
  const held = async () => (await (await fetch(`${server.url}/api/v2/alerts`)).json()) as readonly Held[];
  const thefts = async () => (await held()).filter(({ labels }) => labels.rule === RULE);
  /** Whether the alert is kept, and that it was printed. */
  const isNoted = async () => {
    const lines = (await store.kept()).split('\n').flatMap((line) => readLine(line) ?? []);
    const theft = lines.find((line) => 'put' in line && line.alert.labels.rule === RULE);
    return lines.some((line) => 'done' in line && line.sink === 'callback' && theft && line.done === idOf(theft));
  };

  it('loses no alert, goes on with those that fire, repeats none, and lets them go when no session comes back', async () => {
    const all = lines.trim().split('\n');
    const theft = all.findIndex((line) => line.includes('"evt.type":"connect"') && line.includes('203.0.113.66'));
    await server.stop();
    writeFileSync(events, `${all.slice(0, theft + 60).join('\n')}\n`);
    const first = start();
    await until(() => first.output().includes(RULE) && isNoted(), { timeoutMs: 20_000 }).catch((error) => {
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
        const [found] = await thefts();
        return found?.labels.severity === 'critical' && found;
      },
      { timeoutMs: 30_000 },
    ).catch((error) => {
      throw new Error(`${error}\n${second.output()}\n${second.log()}\nKEPT ${kept}\n${first.output()}`);
    });
    expect(kept).toContain(JSON.stringify(alert?.annotations.summary));
    const sent = new Set<string | undefined>();
    await until(async () => sent.add((await thefts())[0]?.updatedAt).size > 3);
    const firing = await held();
    expect(await thefts()).toHaveLength(1 - row.lost.count);
    expect(new Set(firing.map(({ labels }) => JSON.stringify(labels))).size).toBe(firing.length);
    expect(second.output()).not.toMatch(new RegExp(`firing .* rule="${RULE}"`));
    expectLog(row, second.lines());
    expectReadyz(row, await second.readyz());
    expectCounted(row, await second.metrics());
    await second.kill();

    // Nobody sees the session again: it ended while no process looked.
    const unseen = fault('ended-unseen');
    const third = start({ 'alert.orphanMs': '1000' });
    await until(() => third.output().includes('resolved critical CreanceSequenceMatched'), { timeoutMs: 20_000 });
    await until(async () => (await thefts()).length === unseen.lost.count);
    expectLog(unseen, third.lines());
    expectReadyz(unseen, await third.readyz());
    expectCounted(unseen, await third.metrics());
    await third.kill();
  }, 90_000);
};

describeWithServer(
  'prometheus-alertmanager',
  'creance, killed between finding and delivery, with a store of files',
  () =>
    killed(fault('killed'), (folder) => ({
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
    killed(fault('killed-redis'), () => ({
      url: redis.url,
      kept: async () => {
        const client = new Redis(redis.port);
        const values = await client.hvals(`creance:spool:{${encodeURIComponent(hostname())}}:alerts`);
        client.disconnect();
        return values.join('\n');
      },
    }));
  });
});
