import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type State, stateOf } from './state.ts';

/** A state that a real Alertmanager accepted. */
export interface Accepted extends State {
  readonly life: number;
  /** When it was accepted first, by the monotonic clock. In milliseconds. */
  readonly at: number;
  times: number;
}

/** Stands before a real Alertmanager and keeps book of what that one accepts. Of itself it changes and delays nothing. */
export interface Front {
  readonly url: string;
  readonly name: string;
  /** By life of creance and state. */
  readonly accepted: readonly Accepted[];
  /** Alerts in accepted requests of a life, repetitions included. */
  sentBy(life: number): number;
  close(): void;
}

interface WireAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt: string;
}

/** `firingMs` tells firing alerts from resolved ones: those end later than so many milliseconds ahead. */
export const startFront = async (target: string, firingMs: number, life: () => number): Promise<Front> => {
  const accepted = new Map<string, Accepted>();
  const sent: number[] = [];
  const book = (body: string, sender: number) => {
    const alerts = JSON.parse(body) as readonly WireAlert[];
    sent[sender] = (sent[sender] ?? 0) + alerts.length;
    for (const { labels, annotations, endsAt } of alerts) {
      const state = stateOf(labels, annotations, Date.parse(endsAt) - Date.now() > firingMs);
      const key = `${sender} ${state.id}`;
      const known = accepted.get(key);
      if (known) known.times += 1;
      else accepted.set(key, { ...state, life: sender, at: performance.now(), times: 1 });
    }
  };
  const server = createServer(async (request, response) => {
    const sender = life();
    try {
      const body = await text(request);
      const answer = await fetch(`${target}${request.url}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      const reason = await answer.text();
      if (answer.ok) response.on('finish', () => book(body, sender));
      response.writeHead(answer.status).end(reason);
    } catch {
      request.socket.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${name}`,
    name,
    get accepted() {
      return [...accepted.values()];
    },
    sentBy: (sender) => sent[sender] ?? 0,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
