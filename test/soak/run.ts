import type { Books } from './books.ts';
import type { Life } from './creance.ts';
import { Injector } from './faults.ts';
import { Journal } from './journal.ts';
import type { Sample } from './judge-memory.ts';
import { type Fault, planFaults } from './plan.ts';
import { seeded } from './random.ts';
import { closeBooks, comeToRest } from './rest.ts';
import { sampleOf } from './sample.ts';
import { type Scene, type SceneOptions, setScene } from './scene.ts';
import { Sender } from './sender.ts';
import { Traffic } from './traffic.ts';

export interface SoakOptions extends SceneOptions {
  /** How long events are sent. */
  readonly seconds: number;
  /** Events a second. */
  readonly rate: number;
  /** The same seed plans the same faults and sends the same sessions. */
  readonly seed: number;
  /** Told each line of the journal. */
  readonly tell: (line: string) => void;
}

/** What was seen, to be judged. */
export interface Seen {
  readonly books: Books;
  /** To their very ends. */
  readonly lives: readonly Life[];
  readonly faults: readonly Fault[];
  /** Whether everything that was under way came to its end. */
  readonly rested: boolean;
  /** Of the last life. */
  readonly samples: readonly Sample[];
  readonly sessions: number;
  readonly attacks: number;
}

const SAMPLE_MS = 5_000;
const LOOK_MS = 1_000;
/** Samples between two that ask for the live heap. */
const HEAP_EACH = 6;
const BURST = 3;

/** Runs creance with everything around it, brings the faults about, and waits until all is quiet again. */
export const runSoak = async (options: SoakOptions): Promise<Seen> => {
  const cleanups: (() => unknown)[] = [];
  const later = (cleanup: () => unknown) => void cleanups.push(cleanup);
  try {
    return await soak(options, await setScene(options, later), later);
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
};

const soak = async (
  { transport, seconds, rate, seed, tell }: SoakOptions,
  scene: Scene,
  later: (cleanup: () => unknown) => void,
): Promise<Seen> => {
  const { creance, feed, known } = scene;
  const random = seeded(seed);
  const faults = planFaults(random, seconds);
  const journal = new Journal(tell);
  journal.note(`${rate} events/s by ${transport} for ${seconds} s, ${faults.length} faults, seed ${seed}`);
  const injector = new Injector(scene);
  const traffic = new Traffic({ random, start: Math.floor(Date.now() / 1_000), rate });
  const bursts = faults.flatMap(({ kind, from, to }) => (kind === 'burst' ? [{ from, to, times: BURST }] : []));
  const sender = new Sender(feed, traffic, rate, bursts);
  later(() => sender.stop());

  const samples: Sample[] = [];
  let looks = 0;
  const sample = async () => {
    if (!creance.isUp || !(await creance.scrape())) return;
    looks += 1;
    samples.push(await sampleOf(creance, looks % HEAP_EACH === 0));
  };
  const timers = [
    setInterval(() => void sample(), SAMPLE_MS),
    setInterval(() => void Promise.all(known.map((one) => one.look())), LOOK_MS),
  ];
  const halt = () => timers.forEach(clearInterval);
  later(halt);

  const bring = async (fault: Fault): Promise<void> => {
    await journal.reaches(fault.from);
    journal.note(fault.kind);
    await injector.begin(fault);
    await journal.reaches(fault.to);
    await injector.end(fault);
    journal.note(`${fault.kind}: over`);
  };
  await Promise.all(faults.map(bring));
  await journal.reaches(seconds);
  sender.finish();
  journal.note(`sent ${feed.sent} events of ${traffic.sessions} sessions, ${traffic.attacks} of them attacks`);
  const rested = await comeToRest(scene, injector);
  halt();
  journal.note(rested ? 'everything has come to rest' : 'it does not come to rest');
  const books = closeBooks(scene, injector, rate);
  await creance.end('SIGTERM');
  const life = creance.life.number;
  return {
    ...{ books, lives: creance.lives, faults, rested, sessions: traffic.sessions, attacks: traffic.attacks },
    samples: samples.filter((one) => one.life === life),
  };
};
