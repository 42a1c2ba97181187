import { Redis } from 'ioredis';
import type { Server } from '../support/servers.ts';
import type { Creance } from './creance.ts';
import type { Feed } from './feed.ts';
import type { Fault, FaultKind } from './plan.ts';
import type { Webhook } from './webhook.ts';

export interface Parts {
  readonly alertmanagers: readonly [Server, Server];
  readonly redis: Server;
  readonly feed: Feed;
  readonly webhook: Webhook;
  readonly creance: Creance;
}

/** An Alertmanager that went away. By the monotonic clock, in milliseconds. */
export interface Outage {
  readonly alertmanager: number;
  readonly at: number;
}

/** Events that were on their way when a connection broke: sent, and nowhere told of. */
export interface Break {
  readonly kind: FaultKind;
  readonly unaccounted: number;
}

type Injection = Readonly<Record<'begin' | 'end', (fault: Fault) => Promise<void> | void>>;

/** Brings about what was planned, and puts it right again. */
export class Injector {
  readonly outages: Outage[] = [];
  readonly breaks: Break[] = [];
  readonly #parts: Parts;
  readonly #injections: Readonly<Record<FaultKind, Injection>>;
  /** Which of the two Alertmanagers is hit next. */
  #turn = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { webhook, redis, feed, creance } = parts;
    const mended = () => {
      webhook.mode = 'takes';
    };
    const answers = (mode: Webhook['mode']): Injection => ({
      begin: () => {
        webhook.mode = mode;
      },
      end: mended,
    });
    const ends = (signal: 'SIGKILL' | 'SIGTERM', kind: FaultKind): Injection => ({
      begin: async () => {
        await creance.scrape();
        await creance.end(signal);
      },
      end: async () => {
        this.#told(kind);
        await creance.start();
      },
    });
    this.#injections = {
      'alertmanager killed': this.#goes('kill', 1),
      'alertmanager stopped': this.#goes('stop', 1),
      'both alertmanagers stopped': this.#goes('stop', 2),
      'webhook answers 500': answers('refuses'),
      'webhook hangs': answers('hangs'),
      'redis restarted': { begin: () => redis.stop(), end: () => redis.start() },
      'redis paused': { begin: ({ from, to }) => pause(redis.port, (to - from) * 1_000), end: () => {} },
      'falco killed': {
        begin: () => feed.cut(),
        end: async () => {
          if (creance.isUp) await creance.scrape();
          this.#told('falco killed');
          await feed.restore();
        },
      },
      'creance killed': ends('SIGKILL', 'creance killed'),
      'creance stopped': ends('SIGTERM', 'creance stopped'),
      burst: { begin: () => {}, end: () => {} },
    };
  }

  begin(fault: Fault): Promise<void> | void {
    return this.#injections[fault.kind].begin(fault);
  }

  end(fault: Fault): Promise<void> | void {
    return this.#injections[fault.kind].end(fault);
  }

  #goes(how: 'kill' | 'stop', count: 1 | 2): Injection {
    let gone: readonly number[] = [];
    const each = (act: (server: Server) => Promise<void>) =>
      Promise.all(gone.map((index) => act(this.#parts.alertmanagers[index] as Server)));
    return {
      begin: async () => {
        gone = count === 2 ? [0, 1] : [this.#turn++ % 2];
        for (const alertmanager of gone) this.outages.push({ alertmanager, at: performance.now() });
        await each((server) => server[how]());
      },
      end: async () => {
        await each((server) => server.start());
      },
    };
  }

  #told(kind: FaultKind): void {
    const before = this.breaks.reduce((sum, { unaccounted }) => sum + unaccounted, 0);
    this.breaks.push({ kind, unaccounted: unaccounted(this.#parts) - before });
  }
}

/** Events that were sent, wait nowhere, were not lost by Falco itself, and that no life of creance has told of. */
export const unaccounted = ({ feed, creance }: Pick<Parts, 'feed' | 'creance'>): number => {
  const received = creance.lives.map(({ figures }) => figures.sum('creance_source_records_total'));
  return feed.sent - feed.waiting - feed.lost - received.reduce((sum, count) => sum + count, 0);
};

const pause = async (port: number, ms: number): Promise<void> => {
  const client = new Redis(port, '127.0.0.1');
  await client.client('PAUSE', Math.round(ms), 'ALL');
  client.disconnect();
};
