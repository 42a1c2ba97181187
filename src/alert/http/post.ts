import type { Dispatcher } from 'undici';
import type { Nanos } from '../../model/time.ts';
import type { HttpClient } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import { loadUndici } from './undici.ts';

export type PostResult =
  | { readonly kind: 'success' }
  /** Worth another try, no sooner than `afterMs` where the server said so. */
  | { readonly kind: 'retryable'; readonly reason: string; readonly afterMs?: number }
  /** Not to be sent again as it is; `divisible` when it may be the fault of single alerts in the batch. */
  | { readonly kind: 'failure'; readonly reason: string; readonly divisible: boolean };

/** How a receiver answered. */
export interface Answered {
  readonly status: number;
  /** The body, up to a limit. */
  readonly text: string;
  /** What `Retry-After` asks for. In milliseconds. */
  readonly afterMs?: number;
}

/** What an answer means for the alerts of a request. */
export type Classify = (answer: Answered) => PostResult;

export interface PostOptions {
  readonly client: HttpClient;
  /** Ends the request, the reading of its answer included. */
  readonly signal: AbortSignal;
  /** Wall clock, for a `Retry-After` that is a date. */
  readonly now: Nanos;
  /** By default JSON. */
  readonly contentType?: string;
  /** By default what HTTP says. */
  readonly classify?: Classify;
}

const MAX_TEXT_BYTES = 16_384;

/** Sends one request. Never rejects: what goes wrong on the way is worth another try. */
export const post = async (endpoint: Endpoint, body: string, options: PostOptions): Promise<PostResult> => {
  const { client, signal, now, contentType = 'application/json', classify: judge = classify } = options;
  const { request } = await loadUndici();
  const prepared = await client.prepare(endpoint.authorization);
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
    const afterMs = retryAfter(answer.headers['retry-after'], now);
    const text = await beginning(answer.body);
    return judge({ status: answer.statusCode, text, ...(afterMs !== undefined && { afterMs }) });
  } catch (error) {
    return { kind: 'retryable', reason: signal.aborted ? 'no answer in time' : whyOf(error) };
  }
};

/** The only place that knows what a status of HTTP means. */
export const classify: Classify = ({ status, text, afterMs }) => {
  const reason = `${status} ${text}`.trim();
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
    if (size < MAX_TEXT_BYTES) chunks.push(chunk.subarray(0, MAX_TEXT_BYTES - size));
    size += chunk.length;
    if (size > 65_536) break;
  }
  return Buffer.concat(chunks).toString('utf8');
};

const whyOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
};
