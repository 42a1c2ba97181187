import type { Alert } from './alert.ts';

/** An incident as a person finds it in the store. */
export interface KnownIncident {
  readonly alert: Alert;
  /** Names that it accuses, in all places. */
  readonly accusations: number;
  /** True where it accuses more than is kept: accepting it does not resolve it. */
  readonly partial: boolean;
  /** `accepted` where all that it accuses is. */
  readonly state: 'firing' | 'resolved' | 'accepted';
}
