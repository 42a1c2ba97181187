/** What a fault does: a row of the table in docs/operations.md, which its tests hold to be true. */
export interface Fault {
  /** What goes wrong, in Markdown. */
  readonly fault: string;
  /** How many of what its test brings about are lost, and what else there is to say of it. */
  readonly lost: { readonly count: number; readonly of: string; readonly note?: string };
  /** What an episode writes to the log, in this order and each once; one that ends in `…` goes on. */
  readonly log: readonly string[];
  /** What `/readyz` answers meanwhile. */
  readonly readyz: Readyz;
  /** Metrics that it leaves above zero. */
  readonly counters: readonly string[];
  /** How it ends without a restart, in Markdown. */
  readonly recovery: string;
}

export interface Readyz {
  readonly ready: boolean;
  /** The part that tells of it, and how its detail begins; absent where no part does. */
  readonly part?: string;
  readonly detail?: string;
}

export const READY: Readyz = { ready: true };

export const nothingOf = (of: string, note?: string): Fault['lost'] => ({
  count: 0,
  of,
  ...(note !== undefined && { note }),
});
