import { pino } from 'pino';
import { decode } from '../../src/decode/stage.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { sourceConfig } from '../../src/source/config.ts';
import { liveSource } from '../../src/source/live.ts';
import { rethrow } from '../support/rethrow.ts';
import { type Cost, startMeter } from './measure.ts';

/** Our source with its queue and the decoder, as `creance watch` has them, until so many events have come. */
export const consume = (url: string, events: number, onReady: () => void = () => {}): Promise<Cost> =>
  new Promise((resolve, reject) => {
    const log = pino({ level: 'silent' });
    const registry = createRegistry();
    const stop = new AbortController();
    const config = sourceConfig.parse({ url });
    const finish = startMeter();
    let cost: Cost;
    let seen = 0;
    const health = (ready: boolean) => ready && onReady();
    liveSource(config, { log, clock, registry, stop: stop.signal, health })
      .pipe(decode({ log, registry, onFault: rethrow, live: { clock, latenessMs: 2_000 } }))
      .subscribe({
        next: ({ type }) => {
          if (type !== 'event') return;
          seen++;
          if (seen < events) return;
          cost = finish(events, 0);
          stop.abort();
        },
        complete: () => resolve(cost),
        error: reject,
      });
  });
