import { createServer } from 'node:http';
import { answer } from '../child.ts';
import { type Cost, startMeter } from '../measure.ts';

/** A receiver that reads the bodies and counts them. */
const serve = (url: string, events: number, onReady: () => void): Promise<Cost> =>
  new Promise((resolve) => {
    const stop = startMeter();
    let seen = 0;
    const server = createServer((request, response) => {
      request.on('data', () => {});
      request.on('end', () => {
        response.end();
        seen++;
        if (seen < events) return;
        resolve(stop(events, 0));
        server.close();
      });
    });
    server.listen(Number(new URL(url).port), '127.0.0.1', onReady);
  });

let cost: Promise<Cost> | undefined;
answer<{ url?: string; events: number }>(({ url, events }) => {
  if (url === undefined) return cost;
  return new Promise<void>((resolve) => {
    cost = serve(url, events, resolve);
  });
});
