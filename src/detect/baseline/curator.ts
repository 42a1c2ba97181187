import type { Nanos } from '../../model/time.ts';
import { printable } from '../../platform/printable.ts';
import type { Baselines } from './baselines.ts';
import { compareProfiles, type ScopeDifference } from './compare.ts';
import { exportProfiles, readExport, scopeName } from './exchange.ts';
import type { SessionProfile } from './profile.ts';
import { approve, reject, rollback, waiting } from './quarantine.ts';
import { type ShowOptions, showBaseline } from './show.ts';
import type { ProfileStore } from './store.ts';

/** A session that waits for a person. */
export interface Waiting {
  readonly session: string;
  readonly scope: string;
  readonly ended: Nanos;
  readonly doubts: readonly string[];
  /** What it would make known that its scope has never seen, the shortest first. */
  readonly adds: readonly string[];
}

/** A document of an export, with its name for messages. */
export interface ExportText {
  readonly name: string;
  readonly text: string;
}

/** Looks after what was learned, on a person's behalf. */
export class Curator {
  readonly #baselines: Baselines;
  readonly #store: ProfileStore;
  readonly #options: ShowOptions;

  constructor(baselines: Baselines, store: ProfileStore, options: ShowOptions) {
    this.#baselines = baselines;
    this.#store = store;
    this.#options = options;
  }

  get #learned(): readonly SessionProfile[] {
    return this.#baselines.all().flatMap(({ profiles }) => profiles);
  }

  /** What is usual in each scope, for people. */
  async show(now: Nanos): Promise<string> {
    const shown = this.#baselines.all().flatMap(({ profiles: [first] }) => {
      if (!first) return [];
      return [showBaseline(this.#baselines.of(first), this.#baselines.calibration(first), now, this.#options)];
    });
    const frozen = (await this.#store.isFrozen()) ? 'frozen: nothing is learned until `creance baseline thaw`\n\n' : '';
    return `${frozen}${shown.length > 0 ? shown.join('\n') : 'nothing was learned yet\n'}`;
  }

  export(): string {
    return exportProfiles(this.#learned, this.#options.knownAfter);
  }

  /** Adds what was exported. Rejects when the document is none, before anything is added. */
  async import({ text, name }: ExportText): Promise<{ added: number; known: number }> {
    const profiles = readExport(text, name);
    let added = 0;
    for (const profile of profiles) if (await this.#store.add(profile)) added++;
    return { added, known: profiles.length - added };
  }

  /** Several documents as one, each session once. */
  merge(documents: readonly ExportText[]): string {
    const sessions = new Map<string, SessionProfile>();
    for (const { text, name } of documents)
      for (const profile of readExport(text, name)) sessions.set(profile.session, profile);
    return exportProfiles([...sessions.values()], this.#options.knownAfter);
  }

  diff(before: ExportText, after: ExportText): readonly ScopeDifference[] {
    const [a, b] = [before, after].map(({ text, name }) => readExport(text, name));
    return compareProfiles(a ?? [], b ?? [], this.#options.knownAfter);
  }

  /** Forgets the sessions of one repository, or all; resolves with their number. */
  reset(repository?: string): Promise<number> {
    return this.#store.remove(
      this.#learned.filter(({ scope }) => repository === undefined || scope.repository === repository),
    );
  }

  async pending(): Promise<readonly Waiting[]> {
    return (await this.#store.load('pending')).map((profile) => {
      const { own } = this.#baselines.of(profile);
      const adds = profile.names.filter((name) => own.sessionsWith(name) === 0);
      return {
        session: profile.session,
        scope: printable(scopeName(profile), 200),
        ended: BigInt(profile.ended),
        doubts: profile.doubts ?? [],
        adds: adds.toSorted((a, b) => a.length - b.length),
      };
    });
  }

  /** Rejects with the ids that do not wait, before anything is done. */
  async approve(sessions: readonly string[]): Promise<number> {
    return approve(this.#store, await this.#waiting(sessions));
  }

  async reject(sessions: readonly string[]): Promise<number> {
    return reject(this.#store, await this.#waiting(sessions));
  }

  async rollback(to: Nanos): Promise<number> {
    return (await rollback(this.#store, to)).length;
  }

  freeze(frozen: boolean): Promise<void> {
    return this.#store.freeze(frozen);
  }

  async #waiting(sessions: readonly string[]): Promise<readonly SessionProfile[]> {
    const { found, missing } = await waiting(this.#store, sessions);
    if (missing.length > 0)
      throw new Error(`no such session waits: ${missing.join(', ')}; \`creance baseline pending\` lists those that do`);
    return found;
  }
}
