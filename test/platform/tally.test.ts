import { expect, test } from 'vitest';
import { createRegistry } from '../../src/platform/metrics.ts';
import { TallyCounter } from '../../src/platform/tally.ts';

const create = () => {
  const registry = createRegistry();
  const counter = new TallyCounter({
    name: 'things_total',
    help: 'Things.',
    labelNames: ['colour', 'size'],
    registers: [registry],
  });
  return { counter, values: async () => (await registry.getSingleMetric('things_total')?.get())?.values };
};

test('shows each set of labels with what was counted so far, however often it is asked', async () => {
  const { counter, values } = create();
  const red = counter.labels('red', 'small');
  counter.labels('blue', 'large').inc();
  red.inc();
  await values();
  red.inc();
  expect(await values()).toEqual([
    { labels: { colour: 'red', size: 'small' }, value: 2 },
    { labels: { colour: 'blue', size: 'large' }, value: 1 },
  ]);
});

test('counts together what is asked for twice', async () => {
  const { counter, values } = create();
  counter.labels('red', 'small').inc();
  counter.labels('red', 'small').inc();
  expect(await values()).toEqual([{ labels: { colour: 'red', size: 'small' }, value: 2 }]);
});
