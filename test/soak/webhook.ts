import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type State, stateOfJson } from './state.ts';

/** A state that was taken, and by which life of creance it was sent. */
export interface Taken extends State {
  readonly life: number;
}

/** A receiver of alerts that keeps book of what it has taken, and misbehaves as told. */
export interface Webhook {
  readonly url: string;
  readonly taken: readonly Taken[];
  mode: 'takes' | 'refuses' | 'hangs';
  close(): void;
}

export const startWebhook = async (life: () => number): Promise<Webhook> => {
  const taken: Taken[] = [];
  const hanging = new Set<ServerResponse>();
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    if (webhook.mode === 'hangs') {
      hanging.add(response);
      response.on('close', () => hanging.delete(response));
      return;
    }
    const refused = webhook.mode === 'refuses';
    const sender = life();
    if (!refused) response.on('finish', () => taken.push({ ...stateOfJson(body), life: sender }));
    response.writeHead(refused ? 500 : 200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const webhook: Webhook = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    taken,
    mode: 'takes',
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return webhook;
};
