import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { shippedPrior } from '../../src/detect/baseline/prior.ts';
import { loadSequenceRules } from '../../src/detect/sequence/rule.ts';
import { productDetector } from './detector.ts';
import { hardCases, knownHost } from './hard.ts';
import { loadRecordings, type Recording } from './recordings.ts';
import { SCENES } from './scenes.ts';
import { FOURTH } from './scenes-fourth.ts';
import { THIRD } from './scenes-third.ts';
import { UNSEEN } from './scenes-unseen.ts';

const RECORDINGS = join(import.meta.dirname, '../recordings');

/** What stays wrong: its mend would cost more than it brings (docs/notes/baseline-models.md). */
const COLD = {
  missed: ['a dependency changed where it lies'],
  accused: [
    'a small model trained on data of the trade',
    'a web build that loads its settings',
    'statistics with restored packages',
  ],
};
/** A dozen sessions show something new so often that a new way out by itself weighs less than it does cold, or after many. */
const EARLY = {
  missed: [
    'a build that calls out by itself',
    'a dependency changed where it lies',
    'a login elsewhere',
    'uploads by an own script',
  ],
  accused: ['a web build that loads its settings', 'statistics with restored packages'],
};

/** Baseline and sequences together, on scenes put into the clean sessions that come with the sources. */
describe('every scene', () => {
  let learn: readonly Recording[];
  let carriers: readonly Recording[];
  beforeAll(async () => {
    learn = await loadRecordings(join(RECORDINGS, 'learn'));
    carriers = (await loadRecordings(join(RECORDINGS, 'judge'))).filter(({ truth }) => !truth.attack);
  });

  test.each([
    ['cold', 0, COLD],
    ['after a dozen sessions', Number.POSITIVE_INFINITY, EARLY],
  ])('is told of or left alone, %s, but for those that are named', (_, sessions, wrong) => {
    const detector = productDetector(shippedPrior, loadSequenceRules());
    for (const recording of learn.slice(0, sessions)) detector.learn(recording);
    const cases = [SCENES, UNSEEN, THIRD, FOURTH].flatMap((scenes) =>
      hardCases(detector, carriers, knownHost(learn), scenes),
    );
    const missed = cases.filter(({ attack, alerted, of }) => attack && alerted < of);
    const accused = cases.filter(({ attack, alerted }) => !attack && alerted > 0);
    expect(missed.map(({ scene }) => scene).sort()).toEqual(wrong.missed);
    expect(accused.map(({ scene }) => scene).sort()).toEqual(wrong.accused);
  });
});
