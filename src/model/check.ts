/** What a check is about, in the order in which a person reads them. */
export const CHECK_AREAS = ['falco.yaml', 'source', 'telemetry', 'store', 'alertmanager'] as const;
export type CheckArea = (typeof CHECK_AREAS)[number];

/**
 * `ok` works; `warning` works, but loses or costs something; `problem` does not work; `skipped` could not be looked at.
 */
export const CHECK_STATUSES = ['ok', 'warning', 'problem', 'skipped'] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];

/** One thing that was looked at, and what to do about it. */
export interface Check {
  readonly area: CheckArea;
  /** What was looked at: a setting, a server, a kind of event. */
  readonly name: string;
  readonly status: CheckStatus;
  readonly detail: string;
  /** The mend: what to write or do. May have several lines. */
  readonly fix?: string;
}

/** Makes the checks of one area. */
export const checksOf = (area: CheckArea) => ({
  ok: (name: string, detail: string): Check => ({ area, name, status: 'ok', detail }),
  warning: (name: string, detail: string, fix: string): Check => ({ area, name, status: 'warning', detail, fix }),
  problem: (name: string, detail: string, fix: string): Check => ({ area, name, status: 'problem', detail, fix }),
  skipped: (name: string, detail: string): Check => ({ area, name, status: 'skipped', detail }),
});
