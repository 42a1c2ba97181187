import { type Dispatcher, request } from 'undici';
import type { Nanos } from '../../model/time.ts';
import type { HttpClient } from './client.ts';
import type { Endpoint } from './endpoint.ts';

export type PostResult =
  | { readonly kind: 'success' }
  /** Worth another try, no sooner than `afterMs` where the server said so. */
  | { readonly kind: 'retryable'; readonly reason: string; readonly afterMs?: number }
  /** Not to be sent again as it is; `divisible` when it may be the fault of single alerts in the batch. */
  | { readonly kind: 'failure'; readonly reason: string; readonly divisible: boolean };

export interface PostOptions {
  readonly client: HttpClient;
  /** Ends the request, the reading of its answer included. */
  readonly signal: AbortSignal;
  /** Wall clock, for a `Retry-After` that is a date. */
  readonly now: Nanos;
  /** By default JSON. */
  readonly contentType?: string;
}

const MAX_REASON_BYTES = 2_048;

/** Sends one request. Never rejects: what goes wrong on the way is worth another try. */
export const post = async (endpoint: Endpoint, body: string, options: PostOptions): Promise<PostResult> => {
  const { client, signal, now, contentType = 'application/json' } = options;
  const prepared = client.prepare(endpoint.authorization);
  // A file that is being renewed is worth another try; one that is wrong is told by then.
  if ('problem' in prepared) return { kind: 'retryable', reason: prepared.problem };
  try {
    const answer = await request(endpoint.url, {
      method: 'POST',
      headers: { ...prepared.headers, 'content-type': contentType },
      body,
      dispatcher: prepared.dispatcher,
      signal,
    });
    const reason = `${answer.statusCode} ${await beginning(answer.body)}`.trim();
    return classify(answer.statusCode, reason, retryAfter(answer.headers['retry-after'], now));
  } catch (error) {
    return { kind: 'retryable', reason: signal.aborted ? 'no answer in time' : whyOf(error) };
  }
};

/** The only place that knows what a status means for the alerts of a request. */
export const classify = (status: number, reason: string, afterMs?: number): PostResult => {
  if (status >= 200 && status < 300) return { kind: 'success' };
  if (status === 429 || status >= 500) return { kind: 'retryable', reason, ...(afterMs !== undefined && { afterMs }) };
  // Alertmanager stores the good alerts of a batch and answers 400 for the bad ones; 413 is a batch too large.
  return { kind: 'failure', reason, divisible: status === 400 || status === 413 };
};

/** `Retry-After` in milliseconds: seconds or an HTTP date. Undefined where it is neither. */
export const retryAfter = (header: string | string[] | undefined, now: Nanos): number | undefined => {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Number(now / 1_000_000n));
};

/** The beginning of an answer. It is read to its end, so that the connection can be used again, but not past 64 KB. */
const beginning = async (body: Dispatcher.ResponseData['body']): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (size < MAX_REASON_BYTES) chunks.push(chunk.subarray(0, MAX_REASON_BYTES - size));
    size += chunk.length;
    if (size > 65_536) break;
  }
  return Buffer.concat(chunks).toString('utf8');
};

const whyOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
};
