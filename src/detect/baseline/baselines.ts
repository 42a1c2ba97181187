import type { Scope, Session } from '../../model/session.ts';
import { Baseline } from './baseline.ts';
import { type Bounds, toForget } from './bounds.ts';
import { type Calibration, calibrate } from './calibration.ts';
import type { Prior } from './prior.ts';
import { type SessionProfile, scopeKey } from './profile.ts';
import { LEVELS, type Level, Standing } from './standing.ts';

export interface BaselinesOptions extends Bounds {
  readonly knownAfter: number;
  readonly prior?: (agent: string) => Prior | undefined;
}

/** Calibrations remembered; one that was forgotten is made anew. */
const MAX_CALIBRATIONS = 1_000;

/** The baselines of all scopes and of what encloses them, in memory: what verdicts are made with, whatever the store does. */
export class Baselines {
  /** False while what was learned has still to be read: sessions that begin meanwhile are judged without it. */
  complete = true;
  readonly #options: BaselinesOptions;
  readonly #byLevel = new Map<Level, Map<string, Baseline>>(LEVELS.map((level) => [level, new Map()]));
  readonly #priors = new Map<string, Prior | undefined>();
  readonly #calibrations = new Map<string, Calibration>();

  constructor(options: BaselinesOptions) {
    this.#options = options;
  }

  /** What a session is held against. */
  of({ scope, agent }: Pick<Session, 'scope' | 'agent'>): Standing {
    const levels = LEVELS.map((level) => {
      const key = keyAt(level, scope, agent);
      return [level, (key && this.#byLevel.get(level)?.get(key)) || new Baseline()] as const;
    });
    return new Standing(levels, this.#priorOf(agent), this.#options.knownAfter);
  }

  /** How the scope's own clean sessions score against each other. Made anew once enough has been learned since. */
  calibration(session: Pick<Session, 'scope' | 'agent'>): Calibration {
    const key = scopeKey(session.scope, session.agent);
    const { own } = this.of(session);
    const made = this.#calibrations.get(key);
    if (made && own.sessions < made.sessions * 1.1 && own.sessions >= made.sessions) return made;
    const calibration = calibrate(own.profiles, (profile, judge) => this.#without(profile, judge));
    this.#calibrations.delete(key);
    this.#calibrations.set(key, calibration);
    const [oldest] = this.#calibrations.keys();
    if (this.#calibrations.size > MAX_CALIBRATIONS && oldest !== undefined) this.#calibrations.delete(oldest);
    return calibration;
  }

  /** Scopes that have a baseline. */
  get scopes(): number {
    return (this.#byLevel.get('job') as Map<string, Baseline>).size;
  }

  /** The baseline of every scope. */
  all(): readonly Baseline[] {
    return [...(this.#byLevel.get('job') as Map<string, Baseline>).values()];
  }

  /** Adds a session's profile; returns what had to be forgotten for it, or undefined when it was known already. */
  add(profile: SessionProfile): readonly SessionProfile[] | undefined {
    if (this.of(profile).own.has(profile.session)) return undefined;
    this.#put(profile);
    const forgotten = toForget(this.of(profile).own, this.#options);
    for (const old of forgotten) this.remove(old);
    return forgotten;
  }

  remove(profile: SessionProfile): void {
    for (const level of LEVELS) {
      const key = keyAt(level, profile.scope, profile.agent);
      if (key) this.#byLevel.get(level)?.get(key)?.remove(profile.session);
    }
  }

  #put(profile: SessionProfile): void {
    for (const level of LEVELS) {
      const key = keyAt(level, profile.scope, profile.agent);
      const baselines = this.#byLevel.get(level);
      if (!key || !baselines) continue;
      const baseline = baselines.get(key) ?? new Baseline();
      baselines.set(key, baseline);
      baseline.add(profile);
    }
  }

  #without<T>(profile: SessionProfile, judge: (standing: Standing) => T): T {
    this.remove(profile);
    try {
      return judge(this.of(profile));
    } finally {
      this.#put(profile);
    }
  }

  #priorOf(agent: string): Prior | undefined {
    if (!this.#priors.has(agent)) this.#priors.set(agent, this.#options.prior?.(agent));
    return this.#priors.get(agent);
  }
}

/** The key of the baseline around a scope; undefined where the scope does not tell that much. */
const keyAt = (level: Level, { repository, workflow, job }: Scope, agent: string): string | undefined => {
  if (level === 'job') return scopeKey({ ...opt({ repository, workflow, job }) }, agent);
  if (level === 'workflow') return workflow && scopeKey(opt({ repository, workflow }), agent);
  if (level === 'repository') return repository && scopeKey(opt({ repository }), agent);
  const owner = repository?.split('/')[0];
  return owner && repository?.includes('/') ? scopeKey({ repository: `${owner}/` }, agent) : undefined;
};

const opt = (scope: { [key in keyof Scope]: string | undefined }): Scope =>
  Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined));
