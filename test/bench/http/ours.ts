import { answer } from '../child.ts';
import { consume } from '../consume.ts';
import type { Cost } from '../measure.ts';

let cost: Promise<Cost> | undefined;
answer<{ url?: string; events: number }>(({ url, events }) => {
  if (url === undefined) return cost;
  return new Promise<void>((resolve) => {
    cost = consume(url, events, resolve);
  });
});
