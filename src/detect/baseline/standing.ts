import type { Baseline } from './baseline.ts';
import type { Prior } from './prior.ts';
import { KINDS, type NoveltyKind, weigh } from './weigh.ts';

/** How widely a baseline holds, the nearest first. */
export const LEVELS = ['job', 'workflow', 'repository', 'organisation'] as const;
export type Level = (typeof LEVELS)[number];

/** What is left of the novelty of something that is known at a level: what the neighbours do excuses less. */
const LEFT: Readonly<Record<Level | 'prior', number>> = {
  job: 0,
  workflow: 0.25,
  repository: 0.4,
  organisation: 0.6,
  prior: 0.5,
};

/** Sessions that the prior's word about the rate of novelty counts as. */
const PRIOR_SESSIONS = 5;
/** How often a session shows something new of a kind, where nothing at all is known. */
const UNKNOWN_RATE = 0.2;
/** A kind of novelty that shows up in one of eight sessions or fewer counts in full. */
const FULL_BITS = 3;
const LEAST = 0.5;

/** What a session is held against: the baselines around it, from its own job outwards to what ships with the program. */
export class Standing {
  readonly levels: readonly (readonly [Level, Baseline])[];
  readonly prior: Prior | undefined;
  readonly #knownAfter: number;
  #rates: { readonly sessions: number; readonly of: Readonly<Record<NoveltyKind, number>> } | undefined;

  constructor(levels: readonly (readonly [Level, Baseline])[], prior: Prior | undefined, knownAfter: number) {
    this.levels = levels;
    this.prior = prior;
    this.#knownAfter = knownAfter;
  }

  /** The baseline of the scope itself. */
  get own(): Baseline {
    return (this.levels[0] as readonly [Level, Baseline])[1];
  }

  /** From 0, known here, to 1, never seen anywhere. */
  novelty(name: string): number {
    const sensitive = weigh(name).sensitive === true;
    let novelty = 1;
    for (const [level, baseline] of this.levels) {
      const count = sensitive ? baseline.vouchedWith(name) : baseline.sessionsWith(name);
      novelty = Math.min(novelty, this.#left(LEFT[level], count));
      if (novelty === 0) return 0;
    }
    if (this.prior && !sensitive) {
      // How an agent keeps house does not depend on where it works.
      const left = name.startsWith('own ') ? 0 : LEFT.prior;
      novelty = Math.min(novelty, this.#left(left, this.prior.sessionsWith(name)));
    }
    return novelty;
  }

  /** What novelty of a kind is worth here: little where every session brings some. */
  worth(kind: NoveltyKind): number {
    return Math.max(LEAST, Math.min(1, -Math.log2(this.rate(kind)) / FULL_BITS));
  }

  /** Good–Turing: the chance that the next session shows something new of a kind. */
  rate(kind: NoveltyKind): number {
    const { sessions } = this.own;
    if (this.#rates?.sessions !== sessions) {
      const novel = this.own.novelSessions();
      const rates = KINDS.map((one) => {
        const before = this.prior?.rates[one] ?? UNKNOWN_RATE;
        return [one, (novel[one] + PRIOR_SESSIONS * before) / (sessions + PRIOR_SESSIONS)] as const;
      });
      this.#rates = { sessions, of: Object.fromEntries(rates) as Record<NoveltyKind, number> };
    }
    return this.#rates.of[kind];
  }

  #left(left: number, count: number): number {
    return 1 - (1 - left) * Math.min(1, count / this.#knownAfter);
  }
}
