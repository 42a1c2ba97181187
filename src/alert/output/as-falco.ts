import type { Alert } from '../../model/alert.ts';
import { toIso } from '../../model/time.ts';

/** Falco's names of the severities. */
const PRIORITIES: Readonly<Record<string, string>> = {
  info: 'Informational',
  notice: 'Notice',
  warning: 'Warning',
  error: 'Error',
  critical: 'Critical',
};

/**
 * The alert in the shape of Falco's `json_output`. The pod and its namespace stand where Falco has them, so that who acts
 * on pods finds this one; everything else of the alert is a field that begins with `creance.`.
 */
export const asFalco = ({ labels, annotations, startsAt, generatorURL }: Alert): object => {
  const { rule = 'creance', severity = '', agent, namespace } = labels;
  const { summary = rule, pod, node, techniques = '' } = annotations;
  const own = Object.entries({ ...annotations, ...labels, ...(generatorURL !== undefined && { url: generatorURL }) });
  return {
    time: toIso(startsAt),
    rule,
    priority: PRIORITIES[severity] ?? 'Warning',
    output: summary,
    source: 'creance',
    ...(node !== undefined && { hostname: node }),
    tags: ['creance', ...(agent === undefined ? [] : [agent]), ...techniques.split(', ').filter((id) => id !== '')],
    output_fields: {
      ...(namespace !== undefined && { 'k8s.ns.name': namespace }),
      ...(pod !== undefined && { 'k8s.pod.name': pod }),
      ...Object.fromEntries(own.map(([name, value]) => [`creance.${name}`, value])),
    },
  };
};
