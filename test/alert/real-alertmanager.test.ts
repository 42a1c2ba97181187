import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Subject } from 'rxjs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { alertmanagerSinks } from '../../src/alert/alertmanager.ts';
import { type AlertConfig, alertConfig } from '../../src/alert/config.ts';
import { deliver } from '../../src/alert/deliver.ts';
import { alert } from '../../src/alert/stage.ts';
import type { Tick } from '../../src/model/flow.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { expectCounted, expectLog, fault, type LogLine } from '../faults/fault.ts';
import { rethrow } from '../support/rethrow.ts';
import { describeWithServer, freePort, type Server, startAlertmanager } from '../support/servers.ts';
import { until } from '../support/until.ts';
import type { WireAlert } from './stub.ts';
import { anAction, aSession, aVerdict, ended } from './timeline.ts';

type Held = WireAlert & { readonly generatorURL: string; readonly status: { readonly state: string } };

/** What an Alertmanager holds for a rule; resolved alerts it does not show. */
const heldBy = async ({ url }: Server, rule: string): Promise<readonly Held[]> => {
  const answer = await fetch(`${url}/api/v2/alerts?filter=${encodeURIComponent(`rule="${rule}"`)}`);
  return (await answer.json()) as readonly Held[];
};

/** The alert stage and its delivery, as the program wires them. */
const flow = (servers: readonly Server[], over: Partial<AlertConfig> = {}) => {
  const alertmanagers = servers.map(({ url }) => url);
  const config = alertConfig.parse({ alertmanagers, resendMs: 200, minFiringMs: 1, flushMs: 2_000, ...over });
  const registry = createRegistry();
  const log: LogLine[] = [];
  const logger = pino({}, { write: (line) => log.push(JSON.parse(line)) });
  const sinks = alertmanagerSinks(config, { log: logger, clock: systemClock, registry });
  const verdicts = new Subject<Verdict | Tick>();
  const done = new Promise<void>((complete) => {
    verdicts
      .pipe(alert(config, { registry, onFault: rethrow }), deliver(sinks, config.flushMs))
      .subscribe({ complete });
  });
  const sent = async () => (await registry.getSingleMetric('creance_alertmanager_sent_total')?.get())?.values ?? [];
  const end = () => {
    verdicts.complete();
    return done;
  };
  return { verdicts, sent, end, log, metrics: () => registry.metrics() };
};

describeWithServer('prometheus-alertmanager', 'delivery to a real Alertmanager', () => {
  let pair: readonly [Server, Server];
  let running: ReturnType<typeof flow> | undefined;

  beforeAll(async () => {
    const a = await freePort();
    const b = await freePort();
    pair = await Promise.all([
      startAlertmanager({ cluster: { port: a, peer: b } }),
      startAlertmanager({ cluster: { port: b, peer: a } }),
    ]);
  });
  afterEach(async () => {
    await running?.end();
    running = undefined;
  });
  afterAll(async () => {
    await Promise.all((pair ?? []).map((server) => server.dispose()));
  });

  it('shows each of a pair one alert with exactly these labels, however often it is sent, and resolves it', async () => {
    running = flow(pair, { externalLabels: { cluster: 'eu-1' } });
    const session = aSession();
    const finding = { rule: 'pair', severity: 'error', summary: 'evil \u001b[31m "quoted" <b>', actions: [0] } as const;
    running.verdicts.next(aVerdict(1, session, [finding], { action: anAction(session) }));
    for (const server of pair) {
      const [held] = await until(async () => {
        const alerts = await heldBy(server, 'pair');
        return alerts.length > 0 && alerts;
      });
      expect(held?.labels).toEqual({
        alertname: 'CreanceSequenceMatched',
        severity: 'error',
        agent: 'claude-code',
        detector: 'sequence',
        rule: 'pair',
        repository: 'acme/shop',
        workflow: 'ci',
        job: 'fix',
        namespace: 'runners',
        cluster: 'eu-1',
      });
      expect(held).toMatchObject({
        startsAt: '2026-03-01T12:00:01.000Z',
        generatorURL: 'https://github.com/acme/shop/actions/runs/123',
        annotations: {
          summary: 'evil \\u{1b}[31m "quoted" <b>',
          description: '> 12:00:00Z shell: cat ~/.aws/credentials',
        },
      });
      expect(Date.parse(held?.endsAt ?? '')).toBeGreaterThan(Date.parse(held?.startsAt ?? ''));
    }
    const again = aSession({ id: 'claude-code-ffffffffffff', pid: 1, pod: 'other', runId: '124' });
    running.verdicts.next(aVerdict(2, again, [finding]));
    const { sent } = running;
    await until(async () => (await sent()).length === 2 && (await sent()).every(({ value }) => value >= 4));
    for (const server of pair) {
      const held = await heldBy(server, 'pair');
      expect(held).toHaveLength(1);
      expect(held[0]).toMatchObject({ startsAt: '2026-03-01T12:00:01.000Z', annotations: { sessions: '2' } });
    }
    running.verdicts.next(ended(3, session));
    running.verdicts.next(ended(4, again));
    for (const server of pair) await until(async () => (await heldBy(server, 'pair')).length === 0);
  });

  it('reaches the living one while the other is dead, and the dead one when it is back', async () => {
    const [living, dead] = pair;
    await dead.kill();
    running = flow(pair);
    running.verdicts.next(aVerdict(1, aSession(), [{ rule: 'dead' }]));
    await until(async () => (await heldBy(living, 'dead')).length === 1);
    await dead.start();
    await until(async () => (await heldBy(dead, 'dead')).length === 1);
    await until(() => running?.log.length === 2);
    expectLog(fault('alertmanager-one-dead'), running.log);
  });

  it('tells an Alertmanager that restarts of what fires, by itself', async () => {
    const row = fault('alertmanager-restarts');
    const [first] = pair;
    running = flow([first]);
    running.verdicts.next(aVerdict(1, aSession(), [{ rule: 'restart' }]));
    await until(async () => (await heldBy(first, 'restart')).length === 1);
    await first.kill();
    await until(() => running?.log.length === 1);
    await first.start();
    await until(async () => (await heldBy(first, 'restart')).length === 1 - row.lost.count);
    await until(() => running?.log.length === 2);
    expectLog(row, running.log);
    expectCounted(row, await running.metrics());
  });

  it('lets an alert run out when nobody repeats it any more', async () => {
    const [first] = pair;
    const { verdicts, end } = flow([first], { resendMs: 250 });
    verdicts.next(aVerdict(1, aSession(), [{ rule: 'lost' }]));
    await until(async () => (await heldBy(first, 'lost')).length === 1);
    await end();
    await until(async () => (await heldBy(first, 'lost')).length === 0);
  });

  it('delivers what is left when the stream ends', async () => {
    const [first] = pair;
    const { verdicts, end } = flow([first], { spreadAfter: 1_000 });
    for (let n = 0; n < 600; n++)
      verdicts.next(aVerdict(1, aSession({ scope: { job: `job-${n}` } }), [{ rule: 'many' }]));
    await end();
    expect(await heldBy(first, 'many')).toHaveLength(600);
  });

  it('can be silenced with the command that the alert tells', async () => {
    const [first] = pair;
    running = flow([first], { externalLabels: { cluster: "eu'1; reboot" } });
    running.verdicts.next(aVerdict(1, aSession(), [{ rule: 'silence' }]));
    const steps = await until(async () => (await heldBy(first, 'silence'))[0]?.annotations.next_steps);
    const command = /^silence: (amtool .*)$/m.exec(steps)?.[1] ?? '';
    expect(command).not.toContain('reboot');
    execFileSync('sh', ['-c', `${command} --alertmanager.url=${first.url}`]);
    await until(async () => (await heldBy(first, 'silence'))[0]?.status.state === 'suppressed');
  });

  it('gets a person told of an alert that was resolved before anybody could look', async () => {
    const told: string[] = [];
    const receiver = createServer((request, response) => {
      void request.toArray().then((chunks) => {
        const { alerts } = JSON.parse(chunks.join('')) as { alerts: { status: string; labels: { rule: string } }[] };
        told.push(...alerts.map(({ status, labels }) => `${status} ${labels.rule}`));
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await until(() => receiver.listening);
    const server = await startAlertmanager({
      config: `
route: { receiver: hook, group_by: [rule], group_wait: 300ms, group_interval: 300ms }
receivers: [{ name: hook, webhook_configs: [{ url: "http://127.0.0.1:${(receiver.address() as AddressInfo).port}" }] }]
`,
    });
    try {
      const brief = (rule: string) => [aVerdict(1, aSession(), [{ rule }]), ended(2, aSession())];
      const hasty = flow([server], { minFiringMs: 1, resendMs: 60_000 });
      for (const verdict of brief('hasty')) hasty.verdicts.next(verdict);
      await hasty.end();
      const patient = flow([server], { minFiringMs: 1_000 });
      for (const verdict of brief('patient')) patient.verdicts.next(verdict);
      await patient.end();
      await until(() => told.includes('resolved patient'));
      expect(told).toEqual(['firing patient', 'resolved patient']);
    } finally {
      receiver.close();
      await server.dispose();
    }
  });
});
