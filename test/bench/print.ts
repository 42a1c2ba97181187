import { type Comparison, type Cost, perEvent, ratios, type Spread, spread } from './measure.ts';
import { isQuick } from './size.ts';

const COLUMNS = ['events/s', 'µs CPU/event', 'events/CPU-s', 'bytes/event'] as const;
const NAME = 34;
const WIDTH = 14;

export const printTitle = (title: string): void => {
  console.log(`\n${title.padEnd(NAME)}${COLUMNS.map((column) => column.padStart(WIDTH)).join('')}`);
};

/** One line: the medians of all rounds. */
export const printCosts = (name: string, costs: readonly Cost[]): void => {
  const median = (value: (cost: Cost) => number) => spread(costs.map(value)).median;
  const cells = [
    whole(median(({ events, wallMicros }) => (events * 1e6) / wallMicros)),
    median(perEvent).toFixed(2),
    whole(median((cost) => 1e6 / perEvent(cost))),
    whole(median(({ events, bytes }) => bytes / events)),
  ];
  console.log(`  ${name.padEnd(NAME - 2)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}`);
};

/** Both sides and their ratio, with the target where there is one: a quick run is too short to hold against it. */
export const printComparison = (
  ours: string,
  bare: string,
  comparison: Comparison,
  target?: { readonly ratio: number; readonly orEventsPerSecond?: number },
): void => {
  printCosts(ours, comparison.ours);
  printCosts(bare, comparison.bare);
  const goal =
    target && !isQuick
      ? `; to be ≥ ${target.ratio.toFixed(2)}${target.orEventsPerSecond ? ` or ≥ ${whole(target.orEventsPerSecond)} events/CPU-s` : ''}`
      : '';
  console.log(`  ${'ratio ours to bare'.padEnd(NAME - 2)}  ${shown(ratios(comparison))}${goal}`);
};

const shown = ({ min, median, max }: Spread): string =>
  `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)}), in events/CPU-s`;

export const whole = (value: number): string => Math.round(value).toLocaleString('en');
