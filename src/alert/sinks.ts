import { alertmanagerSinks, type DeliveryDeps } from './alertmanager.ts';
import type { AlertConfig } from './config.ts';
import { asFalco } from './output/as-falco.ts';
import { asJson } from './output/as-json.ts';
import { FileSink } from './output/file.ts';
import { firstOnly } from './output/first-only.ts';
import { createOutputMetrics } from './output/metrics.ts';
import { PostSink } from './output/post.ts';
import { type Render, renderFrom } from './output/template.ts';
import type { Sink } from './sink.ts';

/** Every sink that the configuration names. Throws an Error that names the setting when one cannot be made. */
export const configuredSinks = (config: AlertConfig, deps: DeliveryDeps): readonly Sink[] => {
  const { file, webhook, falco, queueCapacity, timeoutMs, resendMs: longestMs } = config;
  const outputDeps = { ...deps, metrics: createOutputMetrics(deps.registry) };
  const limits = { queueCapacity, timeoutMs, longestMs };
  const sinks: Sink[] = [...alertmanagerSinks(config, deps)];
  if (file !== undefined) sinks.push(new FileSink(file, queueCapacity, outputDeps));
  if (webhook.url !== undefined) {
    const { url, http, contentType, template } = webhook;
    const render = template === undefined ? jsonOf : renderFrom(template, contentType);
    sinks.push(new PostSink({ kind: 'webhook', url, http, contentType, render, ...limits }, outputDeps));
  }
  if (falco.url !== undefined) {
    const { url, http } = falco;
    const shape = { contentType: 'application/json', wants: firstOnly(), render: falcoOf };
    sinks.push(new PostSink({ kind: 'falco', url, http, ...shape, ...limits }, outputDeps));
  }
  return sinks;
};

const jsonOf: Render = (alert) => JSON.stringify(asJson(alert));
const falcoOf: Render = (alert) => JSON.stringify(asFalco(alert));
