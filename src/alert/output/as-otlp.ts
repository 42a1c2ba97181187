import type { Alert } from '../../model/alert.ts';
import { type Nanos, toIso } from '../../model/time.ts';

/** OpenTelemetry's numbers of the severities; its table for syslog, whose levels these are, makes `critical` ERROR2. */
const SEVERITY_NUMBERS: Readonly<Record<string, number>> = {
  info: 9,
  notice: 10,
  warning: 13,
  error: 17,
  critical: 18,
};

/** What OpenTelemetry's semantic conventions have a name for. */
const CONVENTIONS: Readonly<Record<string, string>> = {
  namespace: 'k8s.namespace.name',
  pod: 'k8s.pod.name',
  workflow: 'cicd.pipeline.name',
  job: 'cicd.pipeline.task.name',
  run: 'cicd.pipeline.run.id',
  run_url: 'cicd.pipeline.run.url.full',
  rule: 'security_rule.name',
};

type Value = string | number | readonly string[];

export interface OtlpFacts {
  /** Of creance. */
  readonly version: string;
  /** When this record is made. */
  readonly now: Nanos;
}

/**
 * A state of an alert as an export request of OpenTelemetry logs, in the JSON encoding of OTLP: one record, so that a
 * receiver that rejects some of a request leaves no doubt which.
 */
export const asOtlp = (alert: Alert, { version, now }: OtlpFacts): object => ({
  resourceLogs: [
    {
      resource: { attributes: pairs({ 'service.name': 'creance', 'service.version': version }) },
      scopeLogs: [{ scope: { name: 'creance', version }, logRecords: [recordOf(alert, now)] }],
    },
  ],
});

const recordOf = ({ labels, annotations, startsAt, endsAt }: Alert, now: Nanos): object => {
  const { severity = 'warning', repository = '', ...place } = labels;
  const { summary = '', node, techniques = '', count, sessions, ...rest } = annotations;
  const named = Object.entries({ ...rest, ...place }).map(([name, text]) => [
    CONVENTIONS[name] ?? `creance.${name}`,
    text,
  ]);
  const [, owner = '', name = ''] = /^(?:(.*)\/)?([^/]*)$/s.exec(repository) ?? [];
  const attributes: Readonly<Record<string, Value | undefined>> = {
    ...Object.fromEntries(named),
    'creance.status': endsAt === undefined ? 'firing' : 'resolved',
    'creance.starts_at': toIso(startsAt),
    'creance.count': integer(count),
    'creance.sessions': integer(sessions),
    'creance.techniques': techniques.split(', ').filter((id) => id !== ''),
    [annotations.pod === undefined ? 'host.name' : 'k8s.node.name']: node,
    'vcs.owner.name': owner,
    'vcs.repository.name': name,
  };
  return {
    timeUnixNano: String(endsAt ?? startsAt),
    observedTimeUnixNano: String(now),
    severityNumber: SEVERITY_NUMBERS[severity] ?? 0,
    severityText: severity,
    eventName: 'creance.alert',
    body: { stringValue: summary },
    attributes: pairs(attributes),
  };
};

const integer = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** As the encoding has them: a list, each value with its type, 64-bit integers as text. What is empty is left out. */
const pairs = (attributes: Readonly<Record<string, Value | undefined>>): readonly object[] =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined || value === '' || (typeof value === 'object' && value.length === 0)
      ? []
      : [{ key, value: anyValue(value) }],
  );

const anyValue = (value: Value): object => {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { intValue: String(value) };
  return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } };
};
