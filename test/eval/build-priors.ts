import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PRIOR_VERSION, type PriorFile } from '../../src/detect/baseline/prior.ts';
import { KINDS, weigh } from '../../src/detect/baseline/weigh.ts';
import { productDetector } from './detector.ts';
import { loadRecordings, type Recording } from './recordings.ts';

/** What says where an agent worked, not how: it would be no help, or a wrong excuse, anywhere else. */
const LOCAL = /^(own )?destination /;
/** Tasks that must have shown something before it ships: what belongs to one task belongs to one project. */
const LEAST = 2;

/** `build-priors RECORDINGS`: writes rules/priors/AGENT.json for each agent that has clean sessions among them. */
export const main = async ([directory = '']: readonly string[]): Promise<void> => {
  for (const prior of priorsOf(await loadRecordings(directory))) {
    const file = fileURLToPath(new URL(`../../rules/priors/${prior.agent}.json`, import.meta.url));
    writeFileSync(file, `${JSON.stringify(prior, null, 1)}\n`);
    console.log(`${prior.agent}: ${prior.sessions} sessions, ${Object.keys(prior.elements).length} elements`);
  }
};

/** The prior of each agent, from its clean sessions. */
export const priorsOf = (recordings: readonly Recording[]): readonly PriorFile[] => {
  const detector = productDetector();
  const tasks = new Map<string, Set<string>>();
  for (const recording of recordings) {
    if (recording.truth.attack) continue;
    for (const { agent, names } of detector.learn(recording))
      for (const name of names) {
        const key = `${agent} ${name}`;
        tasks.set(key, (tasks.get(key) ?? new Set()).add(recording.truth.task));
      }
  }
  return detector.baselines.all().flatMap((baseline) => {
    const [first] = baseline.profiles;
    if (!first) return [];
    const novel = baseline.novelSessions();
    const rates = KINDS.map((kind) => [kind, round(novel[kind] / baseline.sessions)] as const);
    const elements = baseline
      .elements()
      .filter(([name]) => (tasks.get(`${first.agent} ${name}`)?.size ?? 0) >= LEAST)
      .filter(([name]) => !LOCAL.test(name) && !weigh(name).sensitive)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return [
      {
        creance: 'prior',
        version: PRIOR_VERSION,
        agent: first.agent,
        sessions: baseline.sessions,
        elements: Object.fromEntries(elements),
        rates: Object.fromEntries(rates),
        scores: detector.baselines.calibration(first).scores.map(round),
      },
    ];
  });
};

const round = (value: number): number => Math.round(value * 1000) / 1000;
