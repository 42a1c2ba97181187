import type { Scope } from './session.ts';
import type { Nanos } from './time.ts';

/** What findings accused in one place, by the names that accepting it makes known there, and nowhere else. */
export interface Place {
  readonly scope: Scope;
  readonly agent: string;
  readonly names: readonly string[];
}

/** A person's word that what an incident told of is as it should be. */
export interface Acceptance {
  /** Id of the incident. */
  readonly incident: string;
  readonly at: Nanos;
  readonly by: string;
  /** Sessions that begin from then on are accused again. */
  readonly expires?: Nanos;
  readonly reason?: string;
  /** What the incident told, in one line. */
  readonly summary: string;
  readonly places: readonly Place[];
}
