export type Undici = typeof import('undici');

/** The HTTP client is a fifth of the time that this program takes to start: whoever sends nothing does not load it. */
export const loadUndici = (): Promise<Undici> => import('undici');
