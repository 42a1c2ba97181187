import { readFileSync } from 'node:fs';
import { Liquid } from 'liquidjs';
import type { Alert } from '../../model/alert.ts';
import { errorMessage } from '../../platform/error-message.ts';
import { asJson } from './as-json.ts';

/** An alert as the body of a request. */
export type Render = (alert: Alert) => string;

const SAMPLE: Alert = {
  type: 'alert',
  labels: { alertname: 'CreanceSequenceMatched', severity: 'warning', rule: 'sample' },
  annotations: { summary: 'a "sample"' },
  startsAt: 0n,
};

/** Much more than a message needs, and little enough that a template with a loop too many does no harm. */
const LIMITS = { parseLimit: 1e6, renderLimit: 1_000, memoryLimit: 1e7 };

/**
 * Reads a Liquid template and tries it. Alerts hold text that an attacker chose: with a JSON content type every value is
 * written as JSON, quotes included, so that none of it breaks out. Throws an Error that names the file and the mend.
 */
export const renderFrom = (path: string, contentType: string): Render => {
  const isJson = /[/+]json\b/.test(contentType);
  const engine = new Liquid({
    ...LIMITS,
    root: [],
    ownPropertyOnly: true,
    ...(isJson && { outputEscape: 'json' as const }),
  });
  try {
    const template = engine.parse(readFileSync(path, 'utf8'));
    const render: Render = (alert) => String(engine.renderSync(template, asJson(alert)));
    const body = render(SAMPLE);
    if (isJson) JSON.parse(body);
    return render;
  } catch (error) {
    const reason = errorMessage(error);
    const hint = isJson ? '; with a JSON content type write {{ value }} without quotes around it' : '';
    throw new Error(`alert.webhook.template: ${path} cannot be used: ${reason}${hint}`);
  }
};
