import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithServer, type Server, startAlertmanager } from '../support/servers.ts';
import { CHART, render, type Values } from './chart.ts';
import { node, type Running, startService } from './running.ts';
import { describeWithHelm } from './tools.ts';

const ROOT = join(import.meta.dirname, '../..');

interface TestContainer {
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

describeWithHelm('`helm test`', (helm) => {
  let service: Running;
  let folder: string;

  const containerOf = (values: Values): TestContainer =>
    render(helm, values).one('Pod', '-test').spec.containers[0] as TestContainer;

  /** Runs what the rendered pod runs; only the places are those of this test, and its patience. */
  const runPod = async (values: Values, { wait = '20s', over = {} } = {}) => {
    const file = join(folder, 'creance.yaml');
    writeFileSync(file, render(helm, values).one('ConfigMap', 'creance').data['creance.yaml'] ?? '');
    const { command, args = [], env } = containerOf(values);
    expect(command).toEqual(['/nodejs/bin/node', '/test/alert.mjs']);
    const given = Object.fromEntries(env.map(({ name, value = '' }) => [name, value]));
    const { port } = new URL(service.intake);
    const here = args.map((arg) =>
      arg.replace('/etc/creance/creance.yaml', file).replace(/^--wait=.*/, `--wait=${wait}`),
    );
    return node([join(CHART, 'files/alert.mjs'), ...here], {
      ...given,
      ...(given.INTAKE_URL && { INTAKE_URL: given.INTAKE_URL.replace(':2801', `:${port}`) }),
      METRICS_HOST: '127.0.0.1',
      METRICS_PORT: new URL(service.address).port,
      WAIT_MS: '20000',
      CREANCE: join(ROOT, 'src/main.ts'),
      NODE_OPTIONS: `--import ${join(ROOT, 'test/bench/typescript.mjs')}`,
      ...over,
    });
  };

  const alertingTo = (...alertmanagers: readonly string[]): Values => ({ config: { alert: { alertmanagers } } });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'creance-helm-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describeWithServer('prometheus-alertmanager', 'with Alertmanagers', () => {
    let alertmanager: Server;
    let other: Server;
    beforeAll(async () => {
      [alertmanager, other] = await Promise.all([startAlertmanager(), startAlertmanager()]);
      service = await startService({ 'alert.alertmanagers': alertmanager.url });
    });
    afterAll(async () => {
      await service?.stop();
      await Promise.all([alertmanager?.dispose(), other?.dispose()]);
    });

    it('passes when the alert of what it sent is there, and wakes nobody', async () => {
      const { code, output } = await runPod(alertingTo(alertmanager.url));
      expect(output).toContain('alerts of 1 rule have arrived at 127.0.0.1:');
      expect(code).toBe(0);
      const [, job = ''] = /their alerts have .*job="([^"]+)"/.exec(output) ?? [];
      const filter = encodeURIComponent(`job="${job}"`);
      const held = await (await fetch(`${alertmanager.url}/api/v2/alerts?active=false&filter=${filter}`)).json();
      expect(held).toContainEqual(
        expect.objectContaining({ labels: expect.objectContaining({ rule: 'reverse-shell-command' }) }),
      );
    });

    it('fails when one of the Alertmanagers has it not', async () => {
      const { code, output } = await runPod(alertingTo(alertmanager.url, other.url), { wait: '1s' });
      expect(output).toContain('has no alert of reverse-shell-command');
      expect(code).toBe(1);
    });
  });

  describe('without', () => {
    beforeAll(async () => {
      service = await startService({ 'alert.alertmanagers': '' });
    });
    afterAll(() => service?.stop());

    it('passes when an alert was made', async () => {
      const { code, output } = await runPod({});
      expect(output).toContain('an alert was made of them');
      expect(code).toBe(0);
    });

    it('fails when none was', async () => {
      const { code, output } = await runPod({ test: { rule: 'ci-config-written' } }, { over: { WAIT_MS: '3000' } });
      expect(output).toContain('FAILED: an alert: not so in time');
      expect(code).toBe(1);
    });

    it('fails when the attack cannot be sent', async () => {
      const { code, output } = await runPod({}, { over: { INTAKE_URL: 'http://POD:1/' } });
      expect(output).toContain('FAILED: creance selftest ended with 3');
      expect(code).toBe(1);
    });

    it('looks only whether a pod is ready where events come another way', async () => {
      const socket = { source: { kind: 'socket' } };
      expect(containerOf(socket)).not.toHaveProperty('args');
      expect(await runPod(socket)).toMatchObject({ code: 0, output: expect.stringMatching(/is ready\n$/) });
    });

    it('fails when nobody is there', async () => {
      const { code, output } = await runPod({}, { over: { METRICS_PORT: '1', WAIT_MS: '300' } });
      expect(output).toContain('FAILED: readyz');
      expect(code).toBe(1);
    });
  });

  it('sends to the secret path, and tells people if it shall', () => {
    const secret = containerOf({ source: { http: { existingSecret: 'intake' } } });
    expect(secret.env).toContainEqual({ name: 'INTAKE_URL', value: 'http://POD:2801$(INTAKE_PATH)' });
    const loud = { ...alertingTo('http://am:9093'), test: { silence: false } };
    expect(containerOf(loud).args).toEqual([
      '--config=/etc/creance/creance.yaml',
      '--rule=reverse-shell-command',
      '--wait=60s',
    ]);
  });

  it('is not rendered where it is not wanted', () => {
    expect(render(helm, { test: { enabled: false } }).find('Pod')).toBeUndefined();
  });
});
