import type { Nanos } from './time.ts';

/** Event time has reached `watermark`: whatever was due before it may be closed. */
export interface Tick {
  readonly type: 'tick';
  readonly watermark: Nanos;
}

/**
 * Why events were lost. A closed set: it is a metric label.
 *
 * `falco-drop`: the kernel outran Falco, which says so itself. `disconnect`: nothing could come. `overflow`: our queue was
 * full and shed them. `malformed`: they came, but could not be read.
 */
export const GAP_CAUSES = ['falco-drop', 'disconnect', 'overflow', 'malformed'] as const;
export type GapCause = (typeof GAP_CAUSES)[number];

/** A stretch of time for which events were lost, and how many where that is known. */
export interface Gap {
  readonly type: 'gap';
  readonly cause: GapCause;
  readonly from: Nanos;
  readonly to: Nanos;
  readonly lost?: number;
  /** The machine whose events were lost; absent where it may have been any. */
  readonly node?: string;
}
