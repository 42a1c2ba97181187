import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDesk } from '../../src/app/acceptance.ts';
import { openKnowledge } from '../../src/app/knowledge.ts';
import { replayFile } from '../../src/app/replay.ts';
import { watch } from '../../src/app/watch.ts';
import { run } from '../../src/cli/run.ts';
import { loadConfig } from '../../src/config.ts';
import { type Finding, severityAtLeast } from '../../src/model/verdict.ts';
import { alertLine } from '../../src/report/alert-line.ts';
import { capture } from '../cli/capture.ts';
import { startFalco } from '../support/falco-double.ts';
import { responseOfJson } from '../support/falco-messages.ts';
import { describeWithServer, type Server, startRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';

const recordings = join(import.meta.dirname, '../recordings/judge');
const ATTACK = join(recordings, 'claude-a00-aws-creds-exfil.jsonl.gz');
const log = pino({ level: 'silent' });
const NOW = BigInt(Date.UTC(2026, 10, 1)) * 1_000_000n;

const depsOf = (store: string, source = ATTACK) => {
  const settings = { 'server.listen': '127.0.0.1:0', store, 'source.url': source, 'detect.learn.enabled': 'false' };
  const flags = Object.entries(settings).map(([key, value]) => ({ flag: '--set', key, value }));
  const loaded = loadConfig({ env: {}, flags, cwd: '/' });
  if (!loaded.ok) throw new Error(loaded.message);
  return { config: loaded.config, log, signal: new AbortController().signal };
};

/** Lets the service see the attack to its end; what it keeps of it stands in the store. */
const attackOnce = async (store: string): Promise<void> => {
  const deps = depsOf(store);
  expect(await watch(await openKnowledge(deps), deps, { onVerdict: () => {} })).toEqual([]);
};

/** What another look at a recording finds, with what is accepted by now. */
const findingsOf = async (store: string, file = ATTACK): Promise<readonly Finding[]> => {
  const deps = depsOf(store);
  const knowledge = await openKnowledge(deps);
  const findings: Finding[] = [];
  await replayFile(file, knowledge, deps, { learning: 'frozen', onVerdict: ({ raised }) => findings.push(...raised) });
  await knowledge.store.close();
  await knowledge.desk.documents.close();
  return findings;
};

const alerts = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severityAtLeast(severity, 'warning'));

const creance = async (store: string, ...argv: string[]) => {
  const { io, written } = capture();
  return { code: await run([...argv, '--store', store], io), ...written };
};

const suite = (storeOf: () => string): void => {
  const idsOf = async (store: string) => {
    const desk = await openDesk(store, log);
    const incidents = await desk.incidents(NOW);
    await desk.documents.close();
    return incidents.map(({ alert }) => alert.incident?.id ?? '');
  };

  it('keeps every incident, tells it, and accuses nobody of it again once it is accepted', async () => {
    const store = storeOf();
    await attackOnce(store);
    const before = alerts(await findingsOf(store));
    expect(before.length).toBeGreaterThan(1);
    const ids = await idsOf(store);
    const list = await creance(store, 'incidents');
    for (const id of ids) expect(list.out).toContain(id);
    const [first = ''] = ids;
    const one = await creance(store, 'incidents', first);
    expect(one.out).toMatch(/what happened, accused steps marked:\n {4}[>-] /);
    expect(one.out).toContain('acme/taskboard / agent / implement, claude-code:');
    const [, reference = ''] = /`creance accept (\S+)` makes known/.exec(one.out) ?? [];
    expect((await creance(store, 'accept', `${first}.999`, '--by', 'ana')).err).toContain('accuses more than it did');

    const accepted = await creance(
      store,
      'accept',
      reference,
      '--by',
      'ana',
      '--reason',
      'a drill',
      '--expires',
      '30d',
    );
    expect([accepted.code, accepted.err]).toEqual([0, '']);
    expect(accepted.out).toMatch(new RegExp(`^${first}  accepted .* by ana, until .*: a drill`));
    const then = await findingsOf(store);
    expect(alerts(then).length).toBeLessThan(before.length);
    for (const id of ids) await creance(store, 'accept', id, '--by', 'ana');
    const last = await findingsOf(store);
    expect(alerts(last)).toEqual([]);
    expect(last.filter(({ accepted: is }) => is).map(({ severity }) => severity)).toContain('info');
  });

  it('accuses another attack all the same, and this one elsewhere', async () => {
    const store = storeOf();
    await attackOnce(store);
    for (const id of await idsOf(store)) await creance(store, 'accept', id, '--by', 'ana');
    const other = join(recordings, 'codex-a05-download-execute.jsonl.gz');
    expect(alerts(await findingsOf(store, other)).length).toBe(alerts(await findingsOf('memory:', other)).length);
  });

  it('accuses it again when that has expired or was revoked, and tells of every act', async () => {
    const store = storeOf();
    await attackOnce(store);
    const [id = ''] = await idsOf(store);
    const before = alerts(await findingsOf(store));
    const desk = await openDesk(store, log);
    await desk.accept(id, { by: 'ana', at: 5n, expires: 10n });
    expect(alerts(await findingsOf(store))).toEqual(before);
    await desk.accept(id, { by: 'ben', at: NOW, reason: 'known' });
    expect(alerts(await findingsOf(store)).length).toBeLessThan(before.length);
    expect((await creance(store, 'revoke', id, '--by', 'cleo')).out).toBe(`${id} is no longer accepted\n`);
    expect(alerts(await findingsOf(store))).toEqual(before);
    const audit = (await creance(store, 'accepted', '--audit')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(audit.map(({ act, by, reason, incident }) => [act, by, reason, incident])).toEqual([
      ['accept', 'ana', undefined, id],
      ['accept', 'ben', 'known', id],
      ['revoke', 'cleo', undefined, id],
    ]);
    await desk.documents.close();
  });

  it('says what is wrong with an id that it does not know', async () => {
    const store = storeOf();
    const unknown = await creance(store, 'accept', '000000000000', '--by', 'ana');
    expect([unknown.code, unknown.err]).toEqual([
      3,
      expect.stringMatching(/no incident 000000000000 in .*creance incidents/),
    ]);
    const revoked = await creance(store, 'revoke', '000000000000', '--by', 'ana');
    expect([revoked.code, revoked.err]).toEqual([3, expect.stringContaining('is not accepted')]);
    expect((await creance(store, 'accepted')).out).toBe('nothing is accepted\n');
    expect((await creance(store, 'incidents')).out).toBe('no incident is known\n');
  });
};

describe('accepting, with a store of files', () => {
  let folder: string;
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'creance-accept-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  suite(() => `file:${folder}/${count++}`);

  it('leaves the journal to this user alone', async () => {
    const store = `file:${folder}/private`;
    const desk = await openDesk(store, log);
    await desk.documents.append('audit', { act: 'accept' });
    expect((await stat(`${folder}/private/audit.jsonl`)).mode & 0o777).toBe(0o600);
    expect((await stat(`${folder}/private`)).mode & 0o777).toBe(0o700);
  });

  it('needs a store that others can see, and a term that is one', async () => {
    expect((await creance('memory:', 'accepted')).err).toContain('name the one of the service with --store');
    const wrong = await creance('memory:', 'accept', '000000000000', '--expires', '30');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('12h, 30d or 4w')]);
  });
});

describe('a service that is running', () => {
  it('resolves what is accepted while it fires, within seconds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'creance-accept-'));
    const falco = await startFalco();
    const stop = new AbortController();
    const store = `file:${folder}`;
    const deps = { ...depsOf(store, falco.url), signal: stop.signal };
    const lines: string[] = [];
    const service = watch(await openKnowledge(deps), deps, {
      onVerdict: () => {},
      onAlert: (alert) => lines.push(alertLine(alert)),
    });
    try {
      // Without its end, the session would hold its alerts for as long as it lives.
      falco.push(...gunzipSync(readFileSync(ATTACK)).toString().trim().split('\n').slice(0, -200).map(responseOfJson));
      const desk = await openDesk(store, log);
      await until(async () => falco.queued === 0 && (await desk.incidents(NOW)).length > 0);
      const isOver = await until(
        async () => {
          const known = (await desk.incidents(NOW)).map(({ alert }) => alert);
          const accepted = (await desk.accepted()).map(({ incident }) => incident);
          for (const { incident } of known)
            if (incident && !accepted.includes(incident.id)) await desk.accept(incident.id, { by: 'ana', at: NOW });
          return known.every(({ endsAt }) => endsAt !== undefined);
        },
        { timeoutMs: 20_000, everyMs: 200 },
      );
      expect(isOver).toBe(true);
      expect(lines.filter((line) => line.includes(' resolved ')).length).toBeGreaterThan(0);
    } finally {
      stop.abort();
      await service;
      await falco.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describeWithServer('redis-server', 'accepting, with a real Redis', () => {
  let redis: Server;
  let count = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.dispose());
  afterEach(() => count++);
  suite(() => `${redis.url}?prefix=t${count}:`);
});
