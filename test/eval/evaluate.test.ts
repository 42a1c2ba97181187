import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { shippedPrior } from '../../src/detect/baseline/prior.ts';
import { productDetector, tally } from './detector.ts';
import { loadRecordings, type Recording } from './recordings.ts';

const RECORDINGS = join(import.meta.dirname, '../recordings');

/** The baseline by itself, on the few recordings that come with the sources; `npm run eval` takes any others. */
describe('the baseline on real recordings', () => {
  let learn: readonly Recording[];
  let held: readonly Recording[];
  beforeAll(async () => {
    learn = await loadRecordings(join(RECORDINGS, 'learn'));
    held = await loadRecordings(join(RECORDINGS, 'judge'));
  });

  test('locates every attack and accuses nobody, after learning', () => {
    const detector = productDetector();
    for (const recording of learn) detector.learn(recording);
    const { attacks, located, accused } = tally(detector, held);
    expect(attacks).toBeGreaterThan(0);
    expect({ located, accused }).toEqual({ located: attacks, accused: [] });
  });

  test('does so from the shipped prior alone as well', () => {
    const { attacks, located, accused } = tally(productDetector(shippedPrior), held);
    expect({ located, accused }).toEqual({ located: attacks, accused: [] });
  });

  test('accuses no session of a task that it has never seen', () => {
    for (const task of new Set(learn.map(({ truth }) => truth.task))) {
      const detector = productDetector();
      for (const recording of learn) if (recording.truth.task !== task) detector.learn(recording);
      expect(
        tally(
          detector,
          learn.filter(({ truth }) => truth.task === task),
        ).accused,
      ).toEqual([]);
    }
  });

  test('gives the same verdicts in every run', () => {
    const run = () => {
      const detector = productDetector();
      for (const recording of learn) detector.learn(recording);
      return held.map((recording) => detector.alerts(recording));
    };
    expect(run()).toEqual(run());
  });
});
