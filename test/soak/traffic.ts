import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { mover } from '../bench/synthesise.ts';
import { oneOf, type Random } from './random.ts';

interface Recording {
  readonly name: string;
  readonly lines: readonly string[];
  /** When each line happened, in seconds from the first. */
  readonly at: readonly number[];
  /** The second in which the first happened, by the clock of the recording. */
  readonly from: number;
}

/** A recorded session played once more, with times, pids, a machine and a scope of its own. */
interface Playing {
  readonly recording: Recording;
  readonly starts: number;
  readonly slot: number;
  readonly rewrite: (line: string) => string;
  next: number;
}

const RECORDINGS = new URL('../recordings/', import.meta.url);
const TIME = /"time":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d+)Z"/;
/** Pids of one session lie this far from those of the session before on the same machine. */
const PID_STEP = 10_007;
const REPOSITORIES = 4;
const JOBS = ['implement', 'review'] as const;
const ATTACKS = 0.4;

/** Seconds that event time may run ahead of what is asked for, and events between two sessions that begin to hold it back. */
const AHEAD = 2;
const PATIENCE = 1_000;

export interface TrafficOptions {
  readonly random: Random;
  /** When the stream begins, in whole seconds since the Unix epoch. */
  readonly start: number;
  /** Events a second that will be asked for, more or less. */
  readonly rate: number;
}

/**
 * An unending stream of events: honest and attack sessions side by side, as many as make up the rate. The same seed and the
 * same demands give the same events. Honest sessions come from a few repositories, so that there is something to learn;
 * half of the attacks come from repositories never seen before.
 */
export class Traffic {
  readonly #options: TrafficOptions;
  readonly #honest: readonly Recording[];
  readonly #attacks: readonly Recording[];
  readonly #lanes: number;
  readonly #playing: Playing[] = [];
  #latest = 0;
  #sinceBegin = 0;
  /** Sessions begun, attacks among them. */
  sessions = 0;
  attacks = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
    const all = [...recordingsIn('learn/'), ...recordingsIn('judge/')];
    const isAttack = ({ name }: Recording) => /-a\d\d-/.test(name);
    this.#attacks = all.filter(isAttack);
    this.#honest = all.filter((recording) => !isAttack(recording));
    const density = all.reduce((sum, { at }) => sum + at.length / (at.at(-1) as number), 0) / all.length;
    this.#lanes = Math.max(1, Math.round(options.rate / density));
  }

  /** The next event as a line of JSON, about `at` seconds into the stream. */
  next(at: number): string {
    const ahead = this.#latest > at + AHEAD && this.#sinceBegin > PATIENCE;
    const wanted = this.#latest > at - AHEAD ? this.#lanes : 1;
    if (ahead) this.#begin();
    while (this.#playing.length < wanted) this.#begin();
    return this.#take(this.#earliest() as Playing);
  }

  /** The next event of the sessions that are under way; undefined when all have ended. */
  rest(): string | undefined {
    const playing = this.#earliest();
    return playing && this.#take(playing);
  }

  #earliest(): Playing | undefined {
    let earliest: Playing | undefined;
    for (const playing of this.#playing) if (!earliest || timeOf(playing) < timeOf(earliest)) earliest = playing;
    return earliest;
  }

  #take(playing: Playing): string {
    this.#latest = timeOf(playing);
    this.#sinceBegin += 1;
    const line = playing.rewrite(playing.recording.lines[playing.next] as string);
    playing.next += 1;
    if (playing.next === playing.recording.lines.length) this.#playing.splice(this.#playing.indexOf(playing), 1);
    return line;
  }

  #begin(): void {
    const { random, start } = this.#options;
    const isAttack = random() < ATTACKS;
    const recording = oneOf(random, isAttack ? this.#attacks : this.#honest);
    const number = this.sessions;
    this.sessions += 1;
    if (isAttack) this.attacks += 1;
    const stranger = isAttack && random() < 0.5;
    const repository = stranger ? `visitor-${number}/project` : `acme/taskboard-${Math.floor(random() * REPOSITORIES)}`;
    const taken = new Set(this.#playing.map(({ slot }) => slot));
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    const starts = Math.floor(this.#latest);
    const move = mover(start + starts - recording.from, number * PID_STEP);
    const relabel = relabeller(`soak-${slot}`, repository, oneOf(random, JOBS), 7_000_000 + number);
    this.#playing.push({ recording, starts, slot, next: 0, rewrite: (line) => relabel(move(line)) });
    this.#sinceBegin = 0;
  }
}

const timeOf = ({ recording, starts, next }: Playing): number => starts + (recording.at[next] as number);

const relabeller = (node: string, repository: string, job: string, run: number) => (line: string) =>
  line
    .replace(/"hostname":"[^"]+"/, `"hostname":"${node}"`)
    .replace(/(\[GITHUB_REPOSITORY\]":)"[^"]+"/, `$1"${repository}"`)
    .replace(/(\[GITHUB_JOB\]":)"[^"]+"/, `$1"${job}"`)
    .replace(/(\[GITHUB_RUN_ID\]":)"[^"]+"/, `$1"${run}"`);

const recordingsIn = (folder: string): readonly Recording[] =>
  readdirSync(new URL(folder, RECORDINGS))
    .filter((name) => name.endsWith('.jsonl.gz'))
    .sort()
    .map((name) => {
      const lines = gunzipSync(readFileSync(new URL(folder + name, RECORDINGS)))
        .toString()
        .trim()
        .split('\n');
      const times = lines.map(secondsOf);
      const from = Math.floor(times[0] as number);
      return { name, lines, from, at: times.map((time) => time - from) };
    });

const secondsOf = (line: string): number => {
  const [, second = '', fraction = '0'] = TIME.exec(line) ?? [];
  return Date.parse(`${second}Z`) / 1_000 + Number(`0.${fraction}`);
};
