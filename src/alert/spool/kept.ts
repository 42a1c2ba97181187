import type { Alert } from '../../model/alert.ts';

/** The newest state of an alert and the sinks that are done with it. */
export interface Kept {
  readonly id: number;
  readonly alert: Alert;
  readonly done: Set<string>;
}

/** A newer state of an alert, a sink that is done with it, or that nobody needs it any more. */
export type Change =
  | { readonly kind: 'put' | 'gone'; readonly kept: Kept }
  | { readonly kind: 'done'; readonly kept: Kept; readonly sink: string };
