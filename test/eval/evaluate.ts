import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { priorOf } from '../../src/detect/baseline/prior.ts';
import { loadSequenceRules } from '../../src/detect/sequence/rule.ts';
import { priorsOf } from './build-priors.ts';
import { type Detector, type Priors, productDetector, type Tally, tally } from './detector.ts';
import { hardCases, knownHost } from './hard.ts';
import { MODELS } from './models.ts';
import { reordered } from './order.ts';
import { loadRecordings, type Recording } from './recordings.ts';
import { SCENES } from './scenes.ts';
import { FOURTH } from './scenes-fourth.ts';
import { THIRD } from './scenes-third.ts';
import { UNSEEN } from './scenes-unseen.ts';
import { EITHER } from './third/either.ts';

const OURS = 'creance';

/**
 * `evaluate DIRECTORY`: everything that docs/notes/baseline-models.md reports, from the recordings in `DIRECTORY/train` and
 * `DIRECTORY/dev`. Nothing is random, and nothing is written.
 */
export const main = async ([directory]: readonly string[]): Promise<void> => {
  if (directory === undefined || !existsSync(join(directory, 'train')))
    throw new Error('usage: npm run eval -- DIRECTORY, which holds the recordings as train/ and dev/');
  const train = await loadRecordings(join(directory, 'train'));
  const dev = await loadRecordings(join(directory, 'dev'));
  const priors = priorsFrom(train);
  const models: Readonly<Record<string, () => Detector>> = { ...MODELS, [OURS]: () => productDetector() };

  section('Models: trained on train; dev located and accused; leave one task out; another order of the same actions');
  for (const [name, make] of Object.entries(models)) {
    const trained = taught(make(), train);
    const { located, attacks, accused, clean } = tally(trained, dev);
    const left = leaveOneTaskOut(make, train);
    const shuffled = tally(
      trained,
      dev.filter(({ truth }) => !truth.attack).map((one, seed) => reordered(one, seed)),
    );
    const scenes = hardCases(trained, carriersOf(dev), knownHost(train));
    row(
      name,
      `dev ${located}/${attacks} located, ${accused.length}/${clean} accused`,
      `task left out ${left.accused.length}/${left.clean} accused`,
      `reordered ${shuffled.located}/${shuffled.attacks}`,
      `scenes: attacks ${share(scenes, true)}, honest accused ${share(scenes, false)}`,
    );
  }

  section('With nothing learned: dev');
  tellTally('no prior', tally(productDetector(), dev));
  tellTally('shipped prior', tally(productDetector(priors), dev));

  section('Leave one task out, with the prior made of the other tasks');
  tellTally(
    'learned the other tasks',
    leaveOneTaskOut((rest) => productDetector(priorsFrom(rest)), train),
  );
  tellTally(
    'learned nothing',
    leaveOneTaskOut((rest) => productDetector(priorsFrom(rest)), train, false),
  );

  section('Learning curve: so many sessions of each agent learned; dev');
  for (const sessions of [0, 1, 2, 4, 8, 16]) {
    const few = firstOfEach(train, sessions);
    tellTally(`${String(sessions).padStart(2)} sessions, no prior`, tally(taught(productDetector(), few), dev));
    tellTally(`${String(sessions).padStart(2)} sessions, prior`, tally(taught(productDetector(priors), few), dev));
  }

  const rules = loadSequenceRules();
  for (const [title, scenes] of [
    ['Scenes that were never recorded, put into clean sessions of dev', SCENES],
    ['The same with scenes that were written after the weights', UNSEEN],
    ['The same with scenes whose author had read neither rules nor weights', THIRD],
    ['The same with scenes of other trades and ways, written after the mends for those', FOURTH],
    ['Scenes that may be told of or not', EITHER],
  ] as const) {
    section(title);
    for (const [label, detector] of [
      ['baseline, trained', taught(productDetector(priors), train)],
      ['baseline, cold', productDetector(priors)],
      ['with sequences, trained', taught(productDetector(priors, rules), train)],
      ['with sequences, cold', productDetector(priors, rules)],
    ] as const)
      tellScenes(label, hardCases(detector, carriersOf(dev), knownHost(train), scenes));
  }
};

const priorsFrom = (recordings: readonly Recording[]): Priors => {
  const priors = new Map(priorsOf(recordings).map((prior) => [prior.agent, priorOf(prior)]));
  return (agent) => priors.get(agent);
};

const taught = (detector: Detector, recordings: readonly Recording[]): Detector => {
  for (const recording of recordings) if (!recording.truth.attack) detector.learn(recording);
  return detector;
};

const leaveOneTaskOut = (
  make: (rest: readonly Recording[]) => Detector,
  recordings: readonly Recording[],
  learns = true,
): Tally => {
  const total: Tally = { clean: 0, accused: [], attacks: 0, located: 0, missed: [] };
  for (const task of new Set(recordings.map(({ truth }) => truth.task))) {
    const rest = recordings.filter(({ truth }) => truth.task !== task);
    const detector = taught(make(rest), learns ? rest : []);
    const { clean, accused } = tally(
      detector,
      recordings.filter(({ truth }) => truth.task === task),
    );
    total.clean += clean;
    total.accused.push(...accused);
  }
  return total;
};

const firstOfEach = (recordings: readonly Recording[], count: number): readonly Recording[] => {
  const taken = new Map<string, number>();
  return recordings.filter(({ truth: { agent } }) => {
    taken.set(agent, (taken.get(agent) ?? 0) + 1);
    return (taken.get(agent) ?? 0) <= count;
  });
};

/** Every fourth clean session: two of each agent. */
const carriersOf = (recordings: readonly Recording[]): readonly Recording[] =>
  recordings.filter(({ truth }) => !truth.attack).filter((_, at) => at % 4 === 0);

const share = (scenes: ReturnType<typeof hardCases>, attack: boolean): string => {
  const some = scenes.filter((one) => one.attack === attack);
  return `${some.reduce((sum, { alerted }) => sum + alerted, 0)}/${some.reduce((sum, { of }) => sum + of, 0)}`;
};

/** A scene counts as found when it is in every carrier, and as accused when it is in any. */
const tellScenes = (label: string, cases: ReturnType<typeof hardCases>): void => {
  const attacks = cases.filter(({ attack }) => attack);
  const work = cases.filter(({ attack }) => !attack);
  const found = attacks.filter(({ alerted, of }) => alerted === of);
  const accused = work.filter(({ alerted }) => alerted > 0);
  row(label, `attacks ${found.length}/${attacks.length} found`, `honest ${accused.length}/${work.length} accused`);
  for (const one of [...attacks.filter((each) => !found.includes(each)), ...accused])
    row(
      `  ${one.attack ? 'missed' : 'accused'}`,
      one.scene,
      `${one.alerted}/${one.of}`,
      one.rules.join(' '),
      one.example.slice(0, 160),
    );
};

const section = (title: string): void => console.log(`\n${title}`);
const row = (...cells: readonly string[]): void =>
  console.log(
    `  ${cells
      .map((cell) => cell.padEnd(28))
      .join('  ')
      .trimEnd()}`,
  );

const tellTally = (label: string, { located, attacks, accused, clean, missed }: Tally): void => {
  row(
    label,
    ...(attacks > 0 ? [`${located}/${attacks} located`] : []),
    `${accused.length}/${clean} accused`,
    missed.join(', '),
  );
  for (const one of accused) console.log(`    accused ${one.slice(0, 200)}`);
};
