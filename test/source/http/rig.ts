import { readFileSync } from 'node:fs';
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import type { RawRecord } from '../../../src/model/record.ts';
import { type Clock, systemClock } from '../../../src/platform/clock.ts';
import { createRegistry } from '../../../src/platform/metrics.ts';
import { type SourceConfig, sourceConfig } from '../../../src/source/config.ts';
import { httpSource } from '../../../src/source/http.ts';
import { until } from '../../support/until.ts';

/** Requests as Falco 0.44 sent them. */
export const wireRequests = readFileSync('test/fixtures/wire/http-output-0.44.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .map((text) => JSON.parse(text) as { headers: Record<string, string>; body: string });

export const event = (n: number, more = ''): string =>
  `{"rule":"Agent exec","output_fields":{},"n":${n}${more},"time":"2026-11-23T01:51:29.450596762Z"}`;

/** Runs a receiver on a free port of loopback. */
export const receive = (
  http: Partial<SourceConfig['http']> = {},
  url = 'http://127.0.0.1:0/',
  clock: Clock = systemClock,
) => {
  const config = sourceConfig.parse({ url, http });
  const registry = createRegistry();
  const stop = new AbortController();
  const records: RawRecord[] = [];
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (text) => logged.push(JSON.parse(text)) });
  let origin: string | undefined;
  const health = (ready: boolean, detail: string) => {
    origin = ready ? /https?:\/\/[^/]+/.exec(detail)?.[0] : undefined;
  };
  const deps = { log, clock, registry, stop: stop.signal, health };
  const done = new Promise<void>((resolve, reject) => {
    httpSource(config, deps).subscribe({ next: (r) => records.push(r), error: reject, complete: resolve });
  });
  // A test that expects a failure awaits `done` itself.
  done.catch(() => {});
  const listening = () => until(() => origin);
  const value = async (metric: string, labels: Record<string, string> = {}) => {
    const { values } = (await registry.getSingleMetric(metric)?.get()) ?? { values: [] };
    return values.find((v) => Object.entries(labels).every(([key, label]) => v.labels[key] === label))?.value;
  };
  const outcome = (name: string) => value('creance_http_requests_total', { outcome: name });
  return {
    records,
    logged,
    stop: () => stop.abort(),
    done,
    listening,
    value,
    outcome,
    isReady: () => origin !== undefined,
  };
};

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly agent?: Agent;
}

export const send = (
  url: string,
  body: string | Buffer,
  { method = 'POST', headers = {}, agent }: Sent = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { 'content-length': Buffer.byteLength(body), ...headers },
      ...(agent && { agent }),
    };
    const outgoing = request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    outgoing.on('error', reject).end(body);
  });

/** A bare connection that says what it likes; `heard` is what came back, `isClosed` whether it has ended. */
export const dial = (origin: string, first = '') => {
  const { hostname, port } = new URL(origin);
  const socket: Socket = connect(Number(port), hostname);
  if (first) socket.write(first);
  const state = { socket, heard: '', isClosed: false };
  socket.on('data', (data) => {
    state.heard += data.toString();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    state.isClosed = true;
  });
  return state;
};
