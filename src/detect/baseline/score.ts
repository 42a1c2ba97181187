import { familiesIn } from './elements.ts';
import type { Standing } from './standing.ts';
import { type NoveltyKind, PLAIN, weigh } from './weigh.ts';

/** One new element of an action. */
export interface Piece {
  readonly name: string;
  readonly kind: NoveltyKind;
  /** What it adds, after how new it is and how much novelty of its kind is worth here. */
  readonly score: number;
}

/** How far one action leaves what is usual, and why. */
export interface Score {
  /** Of the action in the light of what went before it. */
  readonly total: number;
  /** Of the action alone. */
  readonly alone: number;
  /** The heaviest first. */
  readonly pieces: readonly Piece[];
  /** Places in the session of earlier actions that add to it, with what they add. */
  readonly earlier: readonly number[];
}

interface Carried {
  readonly at: number;
  readonly kind: NoveltyKind;
  readonly score: number;
}

/** A piece from this score on is evidence that stays in mind. */
const EVIDENCE = 1.5;
/** What earlier evidence adds at once, and the actions after which that has halved. */
const CARRIED = 0.5;
const HALF_LIFE = 10;
/** Earlier evidence below this is forgotten. */
const LEAST = 0.25;
/** Earlier evidence kept of one session. */
const MAX_CARRIED = 32;

/**
 * The running score of one session. Every element counts once in a session, when it first shows. Evidence stays in mind
 * for a while: a step that would be nothing by itself is something after another.
 */
export class SessionScore {
  readonly #standing: Standing;
  readonly #counted = new Set<string>();
  readonly #excused = new Set<string>();
  #carried: readonly Carried[] = [];
  #actions = 0;

  constructor(standing: Standing) {
    this.#standing = standing;
  }

  /** What was new and excused wherever it showed. */
  get excused(): ReadonlySet<string> {
    return this.#excused;
  }

  /**
   * Takes the next action's elements. `own` work of the agent is neither evidence nor incriminated by it. What is excused
   * adds nothing here, and counts where it shows again without excuse.
   */
  add(names: readonly string[], own: boolean, isExcused: (name: string) => boolean = () => false): Score {
    const at = this.#actions++;
    const pieces = this.#pieces(names, isExcused);
    const alone = byKind(pieces);
    const evidence = own ? [] : [...alone].filter(([kind, score]) => kind !== 'plain' && score >= EVIDENCE);
    const total = new Map(alone);
    const earlier = new Set<number>();
    // What is only plain novelty is not made worse by what went before.
    if (evidence.length > 0)
      for (const carried of this.#carried) {
        const adds = fade(carried.score, at - carried.at);
        if (adds < LEAST || adds <= (total.get(carried.kind) ?? 0)) continue;
        total.set(carried.kind, adds);
        earlier.add(carried.at);
      }
    this.#carried = [...this.#carried, ...evidence.map(([kind, score]) => ({ at, kind, score }))].slice(-MAX_CARRIED);
    return { total: sum(total), alone: sum(alone), pieces, earlier: [...earlier] };
  }

  /** A command that is well known and never spoke to anybody says more when it does than one that is new. */
  #outOfPlace(name: string): number {
    const place = REACH_PLACE.exec(name)?.[1];
    // What goes on behind the agent's back is out of place wherever it came from.
    if (place === undefined || place.startsWith('background:')) return 1;
    const newest = familiesIn(place).map((family) => this.#standing.novelty(`family ${family}`));
    return 1 - Math.max(...newest) / 2;
  }

  #pieces(names: readonly string[], isExcused: (name: string) => boolean): readonly Piece[] {
    const pieces: Piece[] = [];
    for (const name of names) {
      if (this.#counted.has(name)) continue;
      const { kind, weight, sensitive } = weigh(name);
      if (weight === 0) continue;
      const novelty = this.#standing.novelty(name) * this.#outOfPlace(name);
      const score = weight * novelty * (sensitive ? 1 : this.#standing.worth(kind));
      if (score > 0 && isExcused(name)) {
        this.#excused.add(name);
        continue;
      }
      this.#counted.add(name);
      this.#excused.delete(name);
      if (score > 0) pieces.push({ name, kind, score });
    }
    return pieces.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  }
}

const REACH_PLACE = /^reach \S+ in (.*)$/;

const fade = (score: number, actions: number): number => score * CARRIED * 2 ** (-actions / HALF_LIFE);

/** The heaviest piece of each kind; of what is plain, all of it up to a limit. */
const byKind = (pieces: readonly Piece[]): ReadonlyMap<NoveltyKind, number> => {
  const scores = new Map<NoveltyKind, number>();
  for (const { kind, score } of pieces) {
    const before = scores.get(kind) ?? 0;
    scores.set(kind, kind === 'plain' ? Math.min(PLAIN, before + score) : Math.max(before, score));
  }
  return scores;
};

const sum = (scores: ReadonlyMap<NoveltyKind, number>): number =>
  [...scores.values()].reduce((total, score) => total + score, 0);
