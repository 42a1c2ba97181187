/** Why something of an action was cut short. A closed set: it is a metric label. */
export const LIMITS = ['open-children', 'open-files', 'events'] as const;
export type Limit = (typeof LIMITS)[number];

/** Told each time a limit forced an action to close early, or numbers of its events to be left out. */
export type OnLimit = (limit: Limit) => void;
