import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonRecord, LostRecord } from '../../model/record.ts';
import { type Body, BodyBudget, type BodyFailure, inflateBody, readBody } from './body.ts';
import { judgeBody } from './event.ts';
import type { HttpMetrics, RequestOutcome } from './metrics.ts';
import type { RefusalLog } from './sample.ts';
import { RecentIds } from './uuids.ts';

export interface AcceptOptions {
  readonly maxBodyBytes: number;
  /** The only path that is accepted; any path when absent. */
  readonly path?: string;
  readonly metrics: HttpMetrics;
  readonly refusals: RefusalLog;
  /** Connections whose failure the server has counted: the request that breaks off with one is not counted again. */
  readonly failed: WeakSet<object>;
  /** While true, each answer ends its connection. */
  readonly isStopping: () => boolean;
  /** Takes one event, or the news that one was refused. Called after the answer has gone out. */
  readonly onRecord: (record: JsonRecord | LostRecord) => void;
}

export type Accept = (request: IncomingMessage, response: ServerResponse) => void;

const STATUS: Readonly<Record<BodyFailure, readonly [status: number, reason: string]>> = {
  'too-large': [413, 'the body is too long'],
  busy: [503, 'too many long bodies at once'],
  aborted: [400, 'the body ended early'],
  encoding: [415, 'the content encoding is neither gzip nor deflate'],
  malformed: [400, 'the body does not match its content encoding'],
};

/** Falco sends each event once and does not look at the answer: whatever is refused is lost. */
const LOST: LostRecord = { type: 'lost' };

/** Recent ids that are remembered: some minutes of a busy node, in about 1 MB. */
const RECENT_IDS = 8_192;

/** Bodies of the longest kind that may be under way at once. */
const LONG_BODIES = 16;

/** The handler of requests: refuses what is not an event, answers, and only then hands the event on. */
export const createAccept = (options: AcceptOptions): Accept => {
  const { metrics, maxBodyBytes } = options;
  const recent = new RecentIds(RECENT_IDS);
  const isPath = pathMatcher(options.path);
  const limits = {
    maxBytes: maxBodyBytes,
    budget: new BodyBudget(LONG_BODIES * maxBodyBytes),
    onHeld: (delta: number) => metrics.bufferedBytes.inc(delta),
  };
  const count = (outcome: RequestOutcome) => metrics.requests.inc({ outcome });

  const onBody = (body: Body, request: IncomingMessage, response: ServerResponse) => {
    const plain = body.ok ? inflateBody(body.bytes, request.headers['content-encoding'], maxBodyBytes) : body;
    if (!plain.ok) {
      const [status, reason] = STATUS[plain.failure];
      if (!options.failed.has(request.socket)) count(plain.failure);
      if (plain.failure === 'malformed') options.refusals.refused(reason, '');
      // The rest of a body that was not read to its end is not wanted: the connection ends with the answer.
      answer(response, status, reason, !body.ok);
      return options.onRecord(LOST);
    }
    if (options.isStopping()) response.shouldKeepAlive = false;
    const text = plain.bytes.toString();
    const judged = judgeBody(text);
    if (!judged.ok) {
      count('malformed');
      options.refusals.refused(judged.reason, text);
      answer(response, 400, judged.reason);
      if (judged.lost) options.onRecord(LOST);
      return;
    }
    answer(response, 202);
    if (judged.uuid !== undefined && !recent.add(judged.uuid)) return count('duplicate');
    count('accepted');
    options.onRecord({ type: 'json', text });
  };

  return (request, response) => {
    if (!isPath(request.url ?? '')) {
      count('wrong-path');
      answer(response, 404, 'no such path', true);
    } else if (request.method !== 'POST') {
      count('wrong-method');
      response.setHeader('allow', 'POST');
      answer(response, 405, 'events come by POST', true);
    } else readBody(request, limits, (body) => onBody(body, request, response));
  };
};

const answer = (response: ServerResponse, status: number, reason?: string, close = false): void => {
  if (response.destroyed) return;
  if (close) response.setHeader('connection', 'close');
  const text = reason === undefined ? '' : `${reason}\n`;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
};

/** Compares digests, because they have one length: the time it takes tells nothing of a path that is a secret. */
const pathMatcher = (path: string | undefined): ((url: string) => boolean) => {
  if (path === undefined) return () => true;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(path);
  return (url) => timingSafeEqual(digest(url.split('?', 1)[0] ?? ''), expected);
};
