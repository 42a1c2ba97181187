import { type Check, within } from './check.ts';

/** The process at one moment of its last life. */
export interface Sample {
  readonly life: number;
  /** Seconds since the life began. */
  readonly at: number;
  readonly rssMb: number;
  /** Heap that is alive after a full collection, where that was asked. */
  readonly liveMb?: number;
  readonly files: number;
  /** The 99th percentile of the event loop's delay since the sample before. In milliseconds. */
  readonly lagMs: number;
}

/** How much memory may grow over the measured time, as a part of its mean. */
const GROWTH = 0.1;
/** A shorter life is not judged. In seconds. */
const LEAST_LIFE = 600;
const MORE_FILES = 8;

/**
 * Whether the last life stays within its memory. The first quarter warms it up. Of the rest, the regression line must rise
 * by no more than a tenth of the mean, and the last quarter lie no more than a tenth above the second.
 */
export const judgeMemory = (samples: readonly Sample[]): readonly Check[] => {
  const life = samples.at(-1)?.at ?? 0;
  if (life < LEAST_LIFE) return [];
  const warm = samples.filter(({ at }) => at >= life / 4);
  const rss = warm.map(({ at, rssMb }): Point => [at, rssMb]);
  const heap = warm.flatMap(({ at, liveMb }): readonly Point[] => (liveMb === undefined ? [] : [[at, liveMb]]));
  const files = warm.map(({ at, files }): Point => [at, files]);
  return [
    ...flat('resident memory', rss, life),
    ...flat('live heap', heap, life),
    within(
      'open files, last quarter against second',
      Math.max(...last(files, life)) - Math.max(...second(files, life)),
      -1_000,
      MORE_FILES,
    ),
  ];
};

type Point = readonly [at: number, value: number];

const flat = (name: string, points: readonly Point[], life: number): readonly Check[] => {
  const average = mean(points.map(([, value]) => value));
  const rise = slope(points) * life * 0.75;
  const growth = mean(last(points, life)) - mean(second(points, life));
  return [
    within(
      `${name}, rise of the regression line (mean ${Math.round(average)} MB)`,
      rise,
      -average,
      average * GROWTH,
      ' MB',
    ),
    within(`${name}, last quarter against second`, growth, -average, average * GROWTH, ' MB'),
  ];
};

const second = (points: readonly Point[], life: number) =>
  points.filter(([at]) => at < life / 2).map(([, value]) => value);
const last = (points: readonly Point[], life: number) =>
  points.filter(([at]) => at >= (life * 3) / 4).map(([, value]) => value);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of the line with the least squares. */
export const slope = (points: readonly Point[]): number => {
  const x = mean(points.map(([at]) => at));
  const y = mean(points.map(([, value]) => value));
  const over = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return over / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
};
