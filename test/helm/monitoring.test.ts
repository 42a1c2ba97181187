import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { chartFile, parseYaml, render } from './chart.ts';
import { type Running, startService } from './running.ts';
import { describeWithHelm, describeWithPromtool } from './tools.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
}

const rules = parseYaml(chartFile('files/alerts.yaml')) as Rules;
const allRules = rules.groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(chartFile('files/dashboard.json')) as Dashboard;

/** Metrics that a query names: a name with its selector, or between braces of `label_values`. */
const metricsIn = (query: string): readonly string[] => query.match(/\b(?:creance|process|nodejs)_[a-z0-9_]+/g) ?? [];

/** Labels that a query groups by, or that a text shows. */
const groupedBy = (query: string): readonly string[] =>
  [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
const shownIn = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{ ?(?:\$labels\.)?([a-z]+) ?\}\}/g)].map(([, label = '']) => label);

describe('what is asked of the metrics', () => {
  let service: Running;
  let metrics: string;
  const help = () =>
    new Map([...metrics.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', text = '']) => [name, text]));
  beforeAll(async () => {
    service = await startService({ 'alert.spool': join(tmpdir(), 'creance-monitoring') });
    metrics = await (await fetch(`${service.address}/metrics`)).text();
  });
  afterAll(() => service.stop());

  const isThere = (name: string) => help().has(name) || help().has(name.replace(/_(bucket|sum|count)$/, ''));

  it.each(allRules.map(({ alert, expr }) => [alert, expr]))('alert %s: is there', (_, expr) => {
    expect(metricsIn(expr).filter((name) => !isThere(name))).toEqual([]);
    if (!expr.startsWith('up{')) expect(metricsIn(expr).length).toBeGreaterThan(0);
  });

  const targets = dashboard.panels.flatMap(({ title, targets: all }) => all.map(({ expr }) => [title, expr] as const));
  it.each(targets)('panel %s: is there', (_, expr) => {
    expect(metricsIn(expr).length).toBeGreaterThan(0);
    expect(metricsIn(expr).filter((name) => !isThere(name))).toEqual([]);
  });

  it('the dashboard’s variables are there', () => {
    expect(dashboard.templating.list.flatMap(({ query }) => metricsIn(query)).filter((name) => !isThere(name))).toEqual(
      [],
    );
  });

  it('a metric that is not there would be told', () => expect(isThere('creance_sessions_totals')).toBe(false));
});

describe('the dashboard', () => {
  it('shows in its legends what the queries group by', () => {
    for (const { expr, legendFormat } of dashboard.panels.flatMap(({ targets }) => targets)) {
      const groups = groupedBy(expr);
      if (groups.length > 0) expect(groups).toEqual(expect.arrayContaining([...shownIn(legendFormat)]));
    }
  });

  it('has no two panels in one place', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describeWithPromtool('Prometheus’ checker', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'creance-promtool-'));
    writeFileSync(join(folder, 'alerts.yaml'), chartFile('files/alerts.yaml'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const promtool = (...args: readonly string[]) =>
    execFileSync('promtool', [...args], { cwd: folder, stdio: 'pipe' }).toString();

  it('accepts the alerts', () =>
    expect(promtool('check', 'rules', 'alerts.yaml')).toContain(`${allRules.length} rules`));

  it('accepts the queries of the dashboard', () => {
    const queries = dashboard.panels.flatMap(({ targets }) =>
      targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m')),
    );
    const recorded = queries.map((expr, index) => ({ record: `query_${index}`, expr }));
    writeFileSync(join(folder, 'dashboard.yaml'), stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
    expect(promtool('check', 'rules', 'dashboard.yaml')).toContain(`${queries.length} rules`);
  });

  const on = (name: string, labels = '') =>
    `${name}{job="creance", node="n1", instance="i1"${labels && `, ${labels}`}}`;
  const SEEN = { node: 'n1', instance: 'i1' };
  /** For each alert: what is measured once a minute, when it must fire, and with which labels; and that it is silent in health. */
  const CASES: Readonly<
    Record<string, { series: Readonly<Record<string, string>>; at: string; labels: Readonly<Record<string, string>> }>
  > = {
    CreanceAbsent: { series: { 'up{job="other"}': '1x30' }, at: '11m', labels: { job: 'creance' } },
    CreanceDown: { series: { [on('up')]: '0x30' }, at: '6m', labels: { ...SEEN, job: 'creance' } },
    CreanceSourceDisconnected: {
      series: { [on('creance_source_connected')]: '0x30' },
      at: '6m',
      labels: { ...SEEN, job: 'creance' },
    },
    CreanceStreamGap: {
      series: { [on('creance_gaps_total', 'cause="overflow"')]: '0 0 0 1x30' },
      at: '5m',
      labels: { ...SEEN, cause: 'overflow' },
    },
    CreanceFalcoDrops: {
      series: { [on('creance_gaps_total', 'cause="falco-drop"')]: '0+1x30' },
      at: '10m',
      labels: SEEN,
    },
    CreanceQueueShedding: {
      series: { [on('creance_queue_shed_total', 'worth="reads"')]: '0 0 5x30' },
      at: '5m',
      labels: SEEN,
    },
    CreanceAlertsNotDelivered: {
      series: {
        [on('creance_alertmanager_dropped_total', 'alertmanager="am:9093"')]: '0 0 3x30',
        [on('creance_alertmanager_rejected_total', 'alertmanager="am:9093"')]: '0x30',
      },
      at: '5m',
      labels: { ...SEEN, alertmanager: 'am:9093' },
    },
    CreanceAlertQueueFilling: {
      series: {
        [on('creance_alertmanager_queue_length', 'alertmanager="am:9093"')]: '60x30',
        [on('creance_alertmanager_queue_capacity', 'alertmanager="am:9093"')]: '100x30',
      },
      at: '6m',
      labels: { ...SEEN, job: 'creance', alertmanager: 'am:9093' },
    },
    CreanceBaselineStuck: {
      series: { [on('creance_baseline_commits_pending')]: '2x60' },
      at: '40m',
      labels: { ...SEEN, job: 'creance' },
    },
    CreanceBaselineUnread: {
      series: { [on('creance_baseline_read')]: '0x30' },
      at: '11m',
      labels: { ...SEEN, job: 'creance' },
    },
    CreanceLearningLost: {
      series: { [on('creance_baseline_sessions_lost_total')]: '0 0 1x30' },
      at: '5m',
      labels: SEEN,
    },
    CreanceAlertsNotKept: {
      series: { [on('creance_spool_errors_total', 'cause="broken"')]: '0+1x60' },
      at: '20m',
      labels: { ...SEEN, cause: 'broken' },
    },
    CreanceOutputFailing: {
      series: { [on('creance_output_errors_total', 'sink="webhook"')]: '0+1x60' },
      at: '20m',
      labels: { ...SEEN, sink: 'webhook' },
    },
    CreanceCertificateUnusable: {
      series: { [on('creance_tls_reloads_total', 'section="alert.http",outcome="failed"')]: '0 0 1x30' },
      at: '5m',
      labels: { ...SEEN, section: 'alert.http' },
    },
    CreanceFault: {
      series: { [on('creance_stage_faults_total', 'stage="group"')]: '0 0 1x30' },
      at: '5m',
      labels: { ...SEEN, stage: 'group' },
    },
  };
  const HEALTH = {
    [on('up')]: '1x60',
    [on('creance_source_connected')]: '1x60',
    [on('creance_gaps_total', 'cause="overflow"')]: '3x60',
    [on('creance_gaps_total', 'cause="falco-drop"')]: '3x60',
    [on('creance_queue_shed_total', 'worth="reads"')]: '3x60',
    [on('creance_alertmanager_dropped_total', 'alertmanager="am:9093"')]: '3x60',
    [on('creance_alertmanager_rejected_total', 'alertmanager="am:9093"')]: '0x60',
    [on('creance_alertmanager_queue_length', 'alertmanager="am:9093"')]: '10x60',
    [on('creance_alertmanager_queue_capacity', 'alertmanager="am:9093"')]: '100x60',
    [on('creance_baseline_read')]: '0 0 1x60',
    [on('creance_baseline_commits_pending')]: '0 1 0 0 2 1 0x60',
    [on('creance_baseline_sessions_lost_total')]: '3x60',
    [on('creance_spool_errors_total', 'cause="broken"')]: '0 1 2x60',
    [on('creance_output_errors_total', 'sink="webhook"')]: '0 1 2x60',
    [on('creance_tls_reloads_total', 'section="alert.http",outcome="failed"')]: '3x60',
    [on('creance_stage_faults_total', 'stage="group"')]: '3x60',
  };

  const series = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, text]) => ({ series: name, values: text }));
  const test = (file: string, tests: readonly object[]) => {
    writeFileSync(join(folder, file), stringify({ rule_files: ['alerts.yaml'], evaluation_interval: '1m', tests }));
    return promtool('test', 'rules', file);
  };

  it('knows a case for every alert', () => expect(Object.keys(CASES)).toEqual(allRules.map(({ alert }) => alert)));

  it.each(Object.entries(CASES))('%s fires', (alert, { series: values, at, labels }) => {
    const rule = allRules.find((one) => one.alert === alert);
    const filled = (text = '') =>
      text.replace(/\{\{ ?\$labels\.([a-z]+) ?\}\}/g, (_, label: string) => labels[label] ?? '');
    const annotations = Object.fromEntries(
      Object.entries(rule?.annotations ?? {}).map(([key, text]) => [key, filled(text)]),
    );
    const expected = [{ exp_labels: { ...rule?.labels, ...labels }, exp_annotations: annotations }];
    const tests = [
      {
        interval: '1m',
        input_series: series(values),
        alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected }],
      },
    ];
    expect(test(`${alert}.yaml`, tests)).toContain('SUCCESS');
  });

  it('none fires in health', () => {
    const silent = allRules.map(({ alert }) => ({ eval_time: '50m', alertname: alert, exp_alerts: [] }));
    expect(test('health.yaml', [{ interval: '1m', input_series: series(HEALTH), alert_rule_test: silent }])).toContain(
      'SUCCESS',
    );
  });
});

describeWithHelm('what the Prometheus operator gets', (helm) => {
  const rendered = () =>
    render(helm, {
      serviceMonitor: { enabled: true },
      prometheusRule: { enabled: true, alertLabels: { team: 'platform' } },
      dashboard: { enabled: true },
    });

  it('is the alerts as tested, with the labels of the values', () => {
    const { groups } = rendered().one('PrometheusRule').spec as Rules;
    const expected = allRules.map((rule) => ({ ...rule, labels: { ...rule.labels, team: 'platform' } }));
    expect(groups.flatMap((group) => group.rules)).toEqual(expected);
  });

  it('finds the metrics Service, and only that, under the job that queries name', () => {
    const { manifests, one } = rendered();
    const { selector, jobLabel, endpoints } = one('ServiceMonitor').spec;
    const chosen = manifests.filter(
      ({ kind, metadata }) =>
        kind === 'Service' &&
        Object.entries(selector.matchLabels).every(([name, value]) => metadata.labels[name] === value),
    );
    expect(chosen.map(({ metadata }) => metadata.name)).toEqual(['creance-metrics']);
    expect(chosen[0]?.metadata.labels[jobLabel]).toBe('creance');
    expect(chosen[0]?.spec.ports[0].name).toBe(endpoints[0].port);
  });

  describe('of sidecars', () => {
    const sidecars = () =>
      render(helm, {
        daemonset: { enabled: false },
        sidecar: { enabled: true, namespace: 'runners', podMonitor: { enabled: true, labels: { a: 'b' } } },
        source: { kind: 'socket' },
        store: { kind: 'redis', redis: { existingSecret: 'redis' } },
        prometheusRule: { enabled: true },
        serviceMonitor: { enabled: true },
      });

    it('finds the pods that the snippets label, by the port of the metrics, under the job that queries name', () => {
      const { one, find } = sidecars();
      const { metadata, spec } = one('PodMonitor');
      const pod = parseYaml(one('ConfigMap', '-snippets').data['pod.yaml'] ?? '') as {
        metadata: { labels: object };
        spec: { initContainers: readonly { ports: readonly object[] }[] };
      };
      expect(metadata).toMatchObject({ namespace: 'runners', labels: { a: 'b' } });
      expect(pod.metadata.labels).toEqual(spec.selector.matchLabels);
      const [endpoint] = spec.podMetricsEndpoints;
      expect(pod.spec.initContainers[0]?.ports).toContainEqual(
        expect.objectContaining({ name: 'metrics', containerPort: endpoint.portNumber }),
      );
      expect(endpoint.relabelings).toContainEqual({ targetLabel: 'job', replacement: 'creance' });
      expect(find('ServiceMonitor')).toBeUndefined();
    });

    it('is every alert but that nobody is there: between jobs nobody is', () => {
      const { groups } = sidecars().one('PrometheusRule').spec as Rules;
      const expected = allRules.map(({ alert }) => alert).filter((alert) => alert !== 'CreanceAbsent');
      expect(groups.flatMap((group) => group.rules.map(({ alert }) => alert))).toEqual(expected);
    });
  });

  it('is the dashboard as tested', () => {
    expect(JSON.parse(rendered().one('ConfigMap', '-dashboard').data['creance.json'] ?? '')).toEqual(dashboard);
  });
});
