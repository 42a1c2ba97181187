import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Registry } from '../../src/platform/metrics.ts';
import { startService } from '../helm/running.ts';
import { until } from '../support/until.ts';
import { type MetricDoc, metricsInSource, metricsPage } from './metrics-page.ts';

// `npm run metrics` writes the page anew. In CI a difference fails.

const registries = vi.hoisted((): Registry[] => []);
vi.mock('../../src/platform/metrics.ts', async (original) => {
  const real = await original<typeof import('../../src/platform/metrics.ts')>();
  return {
    ...real,
    createRegistry: () => {
      const registry = real.createRegistry();
      registries.push(registry);
      return registry;
    },
  };
});

/** What one registry holds; prom-client tells names of labels on the metric itself. */
const docsOf = async (registry: Registry): Promise<readonly MetricDoc[]> =>
  (await registry.getMetricsAsJSON()).map(({ name, help, type }) => {
    const { labelNames = [] } = registry.getSingleMetric(name) as { labelNames?: readonly string[] };
    return { name, help, type: String(type), labels: labelNames };
  });

it('docs/reference/metrics.md tells every metric that the program registers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'creance-metrics-'));
  const settings = [
    {
      'alert.webhook.url': 'http://127.0.0.1:1/',
      'alert.file': join(folder, 'alerts.jsonl'),
      'alert.spool': join(folder, 'spool'),
    },
    { 'source.url': `unix://${join(folder, 'falco.sock')}` },
    { 'source.url': join(folder, 'events.jsonl'), 'source.file.follow': 'true' },
  ];
  writeFileSync(join(folder, 'events.jsonl'), '');
  const inSource = metricsInSource();
  const services = await Promise.all(settings.map((more) => startService(more)));
  try {
    const known = new Map<string, MetricDoc>();
    const unseen = async () => {
      for (const doc of (await Promise.all(registries.map(docsOf))).flat()) known.set(doc.name, doc);
      return [...inSource.keys()].filter((name) => !known.has(name));
    };
    // What is not there in time is missing below.
    await until(async () => (await unseen()).length === 0, { timeoutMs: 3_000 }).catch(() => {});
    expect(await unseen()).toEqual([]);
    const ours = [...known.keys()].filter((name) => name.startsWith('creance_'));
    expect(ours.filter((name) => !inSource.has(name))).toEqual([]);
    const page = metricsPage([...known.values()], inSource);
    for (const name of ours) expect(page).toContain(`| \`${name}\` |`);
    await expect(page).toMatchFileSnapshot('../../docs/reference/metrics.md');
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
});
