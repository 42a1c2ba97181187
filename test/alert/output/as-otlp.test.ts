// The protocol's published definitions, as the project that maintains them compiled them.
import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js';
import { describe, expect, it } from 'vitest';
import { asOtlp } from '../../../src/alert/output/as-otlp.ts';
import { classifyOtlp } from '../../../src/alert/output/otlp-answer.ts';
import type { Alert } from '../../../src/model/alert.ts';
import { anAlert, at } from '../timeline.ts';

interface Codec {
  fromObject(json: object): object;
  toObject(message: object, options: { readonly longs: StringConstructor }): object;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
}
interface Definitions {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: { readonly logs: { readonly v1: { readonly ExportLogsServiceRequest: Codec } } };
    };
  };
}
const { ExportLogsServiceRequest: Request } = (root as unknown as Definitions).opentelemetry.proto.collector.logs.v1;

const alert = anAlert('credential-read-then-egress', {
  labels: {
    alertname: 'CreanceSequenceMatched',
    severity: 'critical',
    rule: 'credential-read-then-egress',
    repository: 'acme/tools/shop',
    workflow: 'ci',
    job: 'fix',
    namespace: 'runners',
    cluster: 'c1',
  },
  annotations: {
    summary: 'took "keys"',
    pod: 'runner-1',
    node: 'n1',
    run: '7',
    run_url: 'https://github.com/acme/shop/actions/runs/7',
    techniques: 'T1048, T1552',
    count: '3',
    sessions: '2',
  },
});

const recordOf = (state: Alert) => {
  const json = JSON.parse(JSON.stringify(asOtlp(state, { version: '1.2.3', now: at(5) })));
  const { resource, scopeLogs } = json.resourceLogs[0];
  const { attributes, ...record } = scopeLogs[0].logRecords[0];
  return { json, resource, record, attributes: plain(attributes) };
};
const plain = (pairs: readonly { key: string; value: object }[]) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));

describe('an alert as a log record of OpenTelemetry', () => {
  it.each([
    ['that fires', alert],
    ['that is over', { ...alert, endsAt: at(3) }],
    ['with hardly anything', anAlert('a', { labels: {}, annotations: {} })],
  ])('%s is one that the protocol knows, to the last field', (_, state) => {
    const { json } = recordOf(state);
    const message = Request.decode(Request.encode(Request.fromObject(json)).finish());
    expect(Request.toObject(message, { longs: String })).toEqual(json);
  });

  it('has times in nanoseconds, a severity, the summary for a body and a name', () => {
    const { record, resource } = recordOf({ ...alert, endsAt: at(3) });
    expect(record).toEqual({
      timeUnixNano: String(at(3)),
      observedTimeUnixNano: String(at(5)),
      severityNumber: 18,
      severityText: 'critical',
      eventName: 'creance.alert',
      body: { stringValue: 'took "keys"' },
    });
    expect(plain(resource.attributes)).toEqual({ 'service.name': 'creance', 'service.version': '1.2.3' });
  });

  it('has the names of the semantic conventions where there are some, and its own for the rest', () => {
    expect(recordOf(alert).attributes).toEqual({
      'k8s.namespace.name': 'runners',
      'k8s.pod.name': 'runner-1',
      'k8s.node.name': 'n1',
      'vcs.owner.name': 'acme/tools',
      'vcs.repository.name': 'shop',
      'cicd.pipeline.name': 'ci',
      'cicd.pipeline.task.name': 'fix',
      'cicd.pipeline.run.id': '7',
      'cicd.pipeline.run.url.full': 'https://github.com/acme/shop/actions/runs/7',
      'security_rule.name': 'credential-read-then-egress',
      'creance.alertname': 'CreanceSequenceMatched',
      'creance.cluster': 'c1',
      'creance.status': 'firing',
      'creance.starts_at': '2026-03-01T12:00:00.000Z',
      'creance.count': '3',
      'creance.sessions': '2',
      'creance.techniques': { values: [{ stringValue: 'T1048' }, { stringValue: 'T1552' }] },
    });
  });

  it('names the host where there is no pod', () => {
    const { attributes } = recordOf(anAlert('a', { annotations: { node: 'laptop' } }));
    expect(attributes).toMatchObject({ 'host.name': 'laptop' });
    expect(attributes).not.toHaveProperty('k8s.node.name');
  });
});

it.each([
  [200, '', 'success'],
  [200, '{"partialSuccess":{}}', 'success'],
  [200, '{"partialSuccess":{"rejectedLogRecords":"0","errorMessage":"be brief"}}', 'success'],
  [200, '{"partialSuccess":{"rejectedLogRecords":1}}', 'failure'],
  [200, 'null', 'success'],
  [429, '', 'retryable'],
  [500, '', 'failure'],
  [501, '', 'failure'],
  [502, '', 'retryable'],
  [503, '', 'retryable'],
  [504, '', 'retryable'],
  [505, '', 'failure'],
])('an answer of %d %s is a %s', (status, text, kind) => {
  expect(classifyOtlp({ status, text }).kind).toBe(kind);
});
