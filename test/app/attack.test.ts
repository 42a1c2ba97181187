import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attack } from '../../src/app/attack.ts';
import { run } from '../../src/cli/run.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { capture } from '../cli/capture.ts';
import { type Running, startService } from '../helm/running.ts';
import { describeWithServer, type Server, startAlertmanager } from '../support/servers.ts';
import { until } from '../support/until.ts';

interface Held {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly state: string };
}

const RULE = 'reverse-shell-command';

describeWithServer('prometheus-alertmanager', 'creance selftest --against, with a real Alertmanager', () => {
  let alertmanager: Server;
  let service: Running;
  beforeAll(async () => {
    alertmanager = await startAlertmanager();
    service = await startService({ 'alert.alertmanagers': alertmanager.url });
  });
  afterAll(async () => {
    await service?.stop();
    await alertmanager?.dispose();
  });

  const creance = async (...args: readonly string[]) => {
    const { io, written } = capture();
    const silent = ['--store', 'memory:', '--log-level', 'silent'];
    const code = await run(['selftest', ...silent, '--against', service.intake, ...args], io);
    return { code, ...written, job: /job="([^"]*)"/.exec(written.out)?.[1] ?? '' };
  };
  const told = (): string => `alert.alertmanagers=${alertmanager.url}`;
  const heldOf = async (job: string): Promise<readonly Held[]> => {
    const filter = encodeURIComponent(`job="${job}"`);
    return (await (await fetch(`${alertmanager.url}/api/v2/alerts?filter=${filter}`)).json()) as readonly Held[];
  };

  it('waits for the alert of this very run, silenced before it came', async () => {
    const { code, out, err, job } = await creance('--set', told(), '--rule', RULE, '--wait', '20s', '--silence');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('alerts of 1 rule have arrived at 127.0.0.1:');
    const held = await until(async () => {
      const alerts = await heldOf(job);
      return alerts.every(({ status }) => status.state !== 'unprocessed') && alerts;
    });
    expect(held.map(({ labels }) => labels.rule)).toContain(RULE);
    for (const { labels, status } of held) {
      expect(labels.repository).toBe('creance/selftest');
      expect(status.state).toBe('suppressed');
    }
    const second = await creance('--set', told(), '--rule', RULE, '--wait', '20s');
    expect(second.code).toBe(0);
    expect(second.job).not.toBe(job);
    const states = (await heldOf(second.job)).map(({ status }) => status.state);
    expect(states).not.toContain('suppressed');
  });

  it('sends what every rule must find, and each alert arrives', async () => {
    const { code, out, err } = await creance('--set', told(), '--wait', '30s');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/alerts of \d\d rules have arrived/);
  });

  it('fails when the alert does not come', async () => {
    const other = await startAlertmanager();
    const { code, err } = await creance(
      '--set',
      `alert.alertmanagers=${other.url}`,
      '--rule',
      RULE,
      '--wait',
      '300ms',
    ).finally(() => other.dispose());
    expect(code).toBe(3);
    expect(err).toContain(`has no alert of ${RULE}`);
  });

  it('waits no longer where the date of the machine is set back meanwhile', async () => {
    const other = await startAlertmanager();
    const flags = [{ flag: '--set', key: 'alert.alertmanagers', value: other.url }];
    const loaded = loadConfig({ env: {}, flags, cwd: '/' });
    if (!loaded.ok) throw new Error(loaded.message);
    const date = systemClock.now();
    const begun = systemClock.monotonic();
    const clock = { ...systemClock, now: () => date - (systemClock.monotonic() - begun) };
    const deps = { config: loaded.config, log: pino({ level: 'silent' }), signal: new AbortController().signal, clock };
    const waiting = attack(deps, { against: service.intake, rule: RULE, waitMs: 300, onStep: () => {} });
    await expect(waiting.finally(() => other.dispose())).rejects.toThrow(`has no alert of ${RULE}`);
  });

  it('fails when nobody answers, when none is configured, when the rule is none, and when it is too slight', async () => {
    const bad = [
      [['--set', 'alert.alertmanagers=http://127.0.0.1:1', '--wait', '1s', '--silence'], 'does not answer'],
      [['--wait', '1s'], 'alert.alertmanagers is empty'],
      [['--rule', 'no-such-rule'], 'no rule no-such-rule'],
      [['--set', told(), '--wait', '1s', '--rule', 'ci-config-written'], 'alert.minSeverity'],
    ] as const;
    for (const [args, words] of bad) {
      const { code, err } = await creance(...args);
      expect([code, err]).toEqual([3, expect.stringContaining(words)]);
    }
  });

  it('refuses to wait for what it does not send', async () => {
    const { io, written } = capture();
    expect(await run(['selftest', '--wait', '1s'], io)).toBe(2);
    expect(written.err).toContain('--wait needs --against');
  });
});
