import { Agent, request } from 'node:http';
import { type FalcoDouble, startFalco } from '../support/falco-double.ts';
import { responseOfJson } from '../support/falco-messages.ts';
import { freePort } from '../support/servers.ts';

/** How events reach creance, and the accounts of the sending side. */
export interface Feed {
  /** What creance is told as `source.url`. */
  readonly url: string;
  readonly transport: 'grpc' | 'http';
  /** Events that this Falco was given. */
  readonly sent: number;
  /** Events that wait for whoever asks. */
  readonly waiting: number;
  /** Events that this Falco lost by itself, and so nobody else can know of. */
  readonly lost: number;
  push(line: string): void;
  /** Ends this Falco as a crash does. */
  cut(): void;
  restore(): Promise<void>;
  dispose(): void;
}

/** Falco's gRPC output up to 0.43: holds what nobody has asked for, and loses it when it ends. */
export const grpcFeed = async (): Promise<Feed> => {
  const falco: FalcoDouble = await startFalco();
  let sent = 0;
  let lost = 0;
  let up = true;
  return {
    url: falco.url,
    transport: 'grpc',
    get sent() {
      return sent;
    },
    get waiting() {
      return falco.queued;
    },
    get lost() {
      return lost;
    },
    push: (line) => {
      sent += 1;
      if (up) falco.push(responseOfJson(line));
      else lost += 1;
    },
    cut: () => {
      up = false;
      lost += falco.queued;
      falco.kill();
    },
    restore: async () => {
      await falco.start();
      up = true;
    },
    dispose: () => falco.dispose(),
  };
};

/** Falco's HTTP output: one request at a time on one connection; what is not answered is lost, and the next follows. */
export const httpFeed = async (): Promise<Feed> => {
  const url = `http://127.0.0.1:${await freePort()}/`;
  const queue: string[] = [];
  let agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let sent = 0;
  let lost = 0;
  let up = true;
  let busy = false;
  const post = (body: string): Promise<boolean> =>
    new Promise((resolve) => {
      const bytes = Buffer.from(body);
      const headers = { 'content-type': 'application/json', 'content-length': bytes.length };
      const posting = request(url, { method: 'POST', agent, headers, timeout: 5_000 }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode === 202));
        response.on('error', () => resolve(false));
      });
      posting.on('timeout', () => posting.destroy());
      posting.on('error', () => resolve(false));
      posting.end(bytes);
    });
  const drain = async () => {
    if (busy) return;
    busy = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) if (!(await post(next))) lost += 1;
    busy = false;
  };
  return {
    url,
    transport: 'http',
    get sent() {
      return sent;
    },
    get waiting() {
      return queue.length + (busy ? 1 : 0);
    },
    get lost() {
      return lost;
    },
    push: (line) => {
      sent += 1;
      if (up) queue.push(line);
      else lost += 1;
      void drain();
    },
    cut: () => {
      up = false;
      lost += queue.splice(0).length;
      agent.destroy();
    },
    restore: async () => {
      agent = new Agent({ keepAlive: true, maxSockets: 1 });
      up = true;
    },
    dispose: () => {
      queue.length = 0;
      agent.destroy();
    },
  };
};
