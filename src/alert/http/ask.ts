import type { Clock } from '../../platform/clock.ts';
import type { HttpClient } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import { loadUndici } from './undici.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface Asking {
  readonly client: HttpClient;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** What is posted, as JSON; without it the question is a GET. */
  readonly body?: object;
}

/** One request to an Alertmanager, `path` below its prefix. Rejects when there is no answer in time. */
export const ask = async (
  endpoint: Endpoint,
  path: string,
  { client, timeoutMs, clock, body: posted }: Asking,
): Promise<Answer> => {
  const { request } = await loadUndici();
  const prepared = await client.prepare(endpoint.authorization);
  if ('problem' in prepared) throw new Error(prepared.problem);
  const prefix = endpoint.url.pathname.replace(/\/api\/v2\/alerts$/, '');
  const aborter = new AbortController();
  const cancel = clock.after(timeoutMs, () => aborter.abort(new Error(`nothing within ${timeoutMs} ms`)));
  try {
    const { statusCode, body } = await request(new URL(`${prefix}${path}`, endpoint.url), {
      signal: aborter.signal,
      dispatcher: prepared.dispatcher,
      headers: { ...prepared.headers, ...(posted && { 'content-type': 'application/json' }) },
      ...(posted && { method: 'POST', body: JSON.stringify(posted) }),
    });
    return { status: statusCode, text: await body.text() };
  } finally {
    cancel();
  }
};
