import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { openKnowledge, prepareKnowledge } from '../../src/app/knowledge.ts';
import { replayFile } from '../../src/app/replay.ts';
import { watch } from '../../src/app/watch.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { alertLine } from '../../src/report/alert-line.ts';
import { verdictsReporter } from '../../src/report/verdicts.ts';
import { type FalcoDouble, startFalco } from '../support/falco-double.ts';
import { responseOfJson } from '../support/falco-messages.ts';
import { describeWithServer, type Server, startAlertmanager } from '../support/servers.ts';
import { until } from '../support/until.ts';

const recordings = join(import.meta.dirname, '../recordings');
const ATTACK = join(recordings, 'judge/claude-a00-aws-creds-exfil.jsonl.gz');
const log = pino({ level: 'silent' });

const linesOf = (path: string): readonly string[] => gunzipSync(readFileSync(path)).toString().trim().split('\n');

const configOf = (settings: Readonly<Record<string, string>>): Config => {
  const flags = Object.entries({ 'server.listen': '127.0.0.1:0', store: 'memory:', ...settings }).map(
    ([key, value]) => ({ flag: '--set', key, value }),
  );
  const loaded = loadConfig({ env: {}, flags, cwd: '/' });
  if (!loaded.ok) throw new Error(loaded.message);
  return loaded.config;
};

/** A running service, and what it has said so far. */
const startWatch = async (settings: Readonly<Record<string, string>>) => {
  const config = configOf(settings);
  const stop = new AbortController();
  const deps = { config, log, signal: stop.signal };
  const verdicts: Verdict[] = [];
  const alerts: string[] = [];
  let address = '';
  const ended = watch(await prepareKnowledge(deps), deps, {
    onVerdict: (verdict) => verdicts.push(verdict),
    onAlert: (alert) => alerts.push(alertLine(alert)),
    onListening: (url) => {
      address = url;
    },
  });
  ended.catch(() => {});
  await until(() => address !== '', { timeoutMs: 5_000 });
  return { address, verdicts, alerts, ended, stop: () => stop.abort() };
};

const ready = async (address: string): Promise<boolean> => (await fetch(`${address}/readyz`)).status === 200;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('watch', () => {
  const startedFalco = async (): Promise<FalcoDouble> => {
    const falco = await startFalco();
    cleanups.push(() => falco.dispose());
    return falco;
  };

  it('judges what comes by gRPC as a replay judges the same events', async () => {
    const falco = await startedFalco();
    const service = await startWatch({ 'source.url': falco.url });
    await until(() => ready(service.address), { timeoutMs: 10_000 });
    falco.push(...linesOf(ATTACK).map(responseOfJson));
    await until(() => service.verdicts.some(({ ended }) => ended), { timeoutMs: 20_000 });
    service.stop();
    expect(await service.ended).toEqual([]);

    const replayed: Verdict[] = [];
    const deps = { config: configOf({}), log, signal: new AbortController().signal };
    await replayFile(ATTACK, await openKnowledge(deps), deps, {
      learning: 'frozen',
      onVerdict: (verdict) => replayed.push(verdict),
    });
    const asText = (verdicts: readonly Verdict[]) => verdicts.map(verdictsReporter('x').take).join('');
    expect(asText(service.verdicts)).toBe(asText(replayed));
  });

  it('takes what Falco posts, answers for its health and counts', async () => {
    const service = await startWatch({ 'source.url': 'http://127.0.0.1:0/', 'alert.minSeverity': 'warning' });
    const health = await until(
      async () => {
        const answer = await fetch(`${service.address}/readyz`);
        return answer.ok && ((await answer.json()) as { components: { source: { detail: string } } });
      },
      { timeoutMs: 5_000 },
    );
    const url = /http:\S+/.exec(health.components.source.detail)?.[0] ?? '';
    for (const body of linesOf(ATTACK)) expect((await fetch(url, { method: 'POST', body })).status).toBe(202);
    await until(() => service.alerts.some((line) => line.includes('credential-read-then-egress')), {
      timeoutMs: 10_000,
    });
    const metrics = await (await fetch(`${service.address}/metrics`)).text();
    expect(metrics).toMatch(/creance_source_records_total\{transport="http"\} \d{4}/);
    expect(metrics).toMatch(/creance_findings_total\{detector="sequence",severity="critical"\} [1-9]/);
    expect((await fetch(`${service.address}/livez`)).status).toBe(200);
    service.stop();
    expect(await service.ended).toEqual([]);
  });

  it('when asked to stop, closes what is open, judges it and delivers its alerts', async () => {
    const falco = await startedFalco();
    const service = await startWatch({ 'source.url': falco.url });
    // The session is cut off behind its theft: neither the action nor the session has ended yet.
    const lines = linesOf(ATTACK);
    const theft = lines.findIndex((line) => line.includes('"evt.type":"connect"') && line.includes('203.0.113.66'));
    falco.push(...lines.slice(0, theft + 1).map(responseOfJson));
    await until(() => falco.queued === 0 && service.verdicts.length > 10, { timeoutMs: 20_000 });
    expect(service.alerts.join('')).not.toContain('credential-read-then-egress');
    service.stop();
    expect(await service.ended).toEqual([]);
    expect(service.alerts.join('')).toContain('credential-read-then-egress');
    expect(service.verdicts.at(-1)).toMatchObject({ ended: true });
  });

  it('learns from a session that ended well, and from none that it saw in part', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'creance-watch-'));
    cleanups.push(() => rm(directory, { recursive: true, force: true }));
    const clean = linesOf(join(recordings, 'learn/claude-b00.jsonl.gz'));
    const falco = await startedFalco();
    const store = `file:${directory}`;
    const service = await startWatch({ 'source.url': falco.url, store });
    falco.push(...clean.map(responseOfJson));
    await until(() => service.verdicts.some(({ ended }) => ended), { timeoutMs: 20_000 });
    falco.push(...linesOf(join(recordings, 'learn/claude-b01.jsonl.gz')).slice(0, 1_000).map(responseOfJson));
    await until(() => falco.queued === 0, { timeoutMs: 20_000 });
    service.stop();
    expect(await service.ended).toEqual([]);
    const config = configOf({ store });
    const { baselines } = await openKnowledge({ config, log });
    expect(baselines.all().map(({ sessions }) => sessions)).toEqual([1]);
  });

  /** The URL of a Redis that takes connections and never answers. */
  const hangingRedis = async (): Promise<string> => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('listens for Falco within seconds, though its Redis hangs', async () => {
    const before = performance.now();
    const service = await startWatch({ 'source.url': 'http://127.0.0.1:0/', store: await hangingRedis() });
    const listens = async () => (await (await fetch(`${service.address}/readyz`)).text()).includes('listening on');
    await until(listens, { timeoutMs: 20_000 });
    expect(performance.now() - before).toBeLessThan(8_000);
    service.stop();
    expect(await service.ended).toEqual([]);
  });

  it('heeds a stop while it waits for a Redis that hangs', async () => {
    const service = await startWatch({ 'source.url': 'http://127.0.0.1:0/', store: await hangingRedis() });
    const before = performance.now();
    service.stop();
    expect(await service.ended).toEqual([]);
    expect(performance.now() - before).toBeLessThan(8_000);
  });

  it('says in one message why its source cannot be used', async () => {
    const service = await startWatch({ 'source.url': '/nowhere/events.jsonl' });
    await expect(service.ended).rejects.toThrow('/nowhere/events.jsonl');
  });
});

describeWithServer('prometheus-alertmanager', 'watch with a real Alertmanager', () => {
  it('raises an alert there', async () => {
    const alertmanager: Server = await startAlertmanager();
    cleanups.push(() => alertmanager.dispose());
    const service = await startWatch({ 'source.url': ATTACK, 'alert.alertmanagers': alertmanager.url });
    expect(await service.ended).toEqual([]);
    const response = await fetch(`${alertmanager.url}/api/v2/alerts`);
    const held = (await response.json()) as { labels: Record<string, string>; status: { state: string } }[];
    const alert = held.find(({ labels }) => labels.rule === 'credential-read-then-egress');
    expect(alert?.labels).toEqual({
      alertname: 'CreanceSequenceMatched',
      severity: 'critical',
      agent: 'claude-code',
      detector: 'sequence',
      rule: 'credential-read-then-egress',
      repository: 'acme/taskboard',
      workflow: 'agent',
      job: 'implement',
    });
    expect(alert?.status.state).toBe('active');
  });
});
