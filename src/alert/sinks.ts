import type { Documents } from '../platform/documents.ts';
import { version } from '../platform/version.ts';
import { alertmanagerSinks, type DeliveryDeps } from './alertmanager.ts';
import type { AlertConfig } from './config.ts';
import { asFalco } from './output/as-falco.ts';
import { asJson } from './output/as-json.ts';
import { asOtlp } from './output/as-otlp.ts';
import { FileSink } from './output/file.ts';
import { firstOnly } from './output/first-only.ts';
import { createOutputMetrics } from './output/metrics.ts';
import { classifyOtlp } from './output/otlp-answer.ts';
import { PostSink } from './output/post.ts';
import type { Render } from './output/template.ts';
import { RegisterSink } from './register.ts';
import type { Sink } from './sink.ts';

/**
 * Every sink that the configuration names, and the register of incidents where there are documents to keep it in. Rejects
 * with an Error that names the setting when one cannot be made.
 */
export const configuredSinks = async (
  config: AlertConfig,
  deps: DeliveryDeps,
  documents?: Documents,
): Promise<readonly Sink[]> => {
  const { file, webhook, falco, otlp, queueCapacity, timeoutMs, resendMs: longestMs } = config;
  const outputDeps = { ...deps, metrics: createOutputMetrics(deps.registry) };
  const limits = { queueCapacity, timeoutMs, longestMs };
  const sinks: Sink[] = [...alertmanagerSinks(config, deps)];
  if (file !== undefined) sinks.push(new FileSink(file, queueCapacity, outputDeps));
  if (webhook.url !== undefined) {
    const { url, http, contentType, template } = webhook;
    const render = template === undefined ? jsonOf : await templated(template, contentType);
    sinks.push(new PostSink({ kind: 'webhook', url, http, contentType, render, ...limits }, outputDeps));
  }
  if (falco.url !== undefined) {
    const { url, http } = falco;
    const shape = { contentType: 'application/json', wants: firstOnly(), render: falcoOf };
    sinks.push(new PostSink({ kind: 'falco', url, http, ...shape, ...limits }, outputDeps));
  }
  if (otlp.url !== undefined) {
    const { url, http } = otlp;
    const ours = version();
    const render: Render = (alert) => JSON.stringify(asOtlp(alert, { version: ours, now: deps.clock.now() }));
    const shape = { contentType: 'application/json', classify: classifyOtlp, render };
    sinks.push(new PostSink({ kind: 'otlp', url, http, ...shape, ...limits }, outputDeps));
  }
  if (documents) sinks.push(new RegisterSink(documents, queueCapacity, outputDeps));
  return sinks;
};

const jsonOf: Render = (alert) => JSON.stringify(asJson(alert));
/** The template engine is loaded by who uses it. */
const templated = async (path: string, contentType: string): Promise<Render> => {
  const { renderFrom } = await import('./output/template.ts');
  return renderFrom(path, contentType);
};
const falcoOf: Render = (alert) => JSON.stringify(asFalco(alert));
