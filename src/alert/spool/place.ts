import { hostname } from 'node:os';
import { join } from 'node:path';
import type { AlertConfig } from '../config.ts';

/** A folder, or what is of one owner in a Redis. */
export type SpoolPlace =
  | { readonly folder: string; readonly redis?: never }
  | { readonly redis: string; readonly owner: string };

/** Where alerts outlive the process: the configured place, else one within the store; undefined where there is none. */
export const spoolPlace = ({ spool, spoolOwner }: AlertConfig, store: string): SpoolPlace | undefined => {
  const place = spool ?? withinStore(store);
  if (place === undefined || place === 'off') return undefined;
  return /^rediss?(-sentinel|-cluster)?:/.test(place)
    ? { redis: place, owner: spoolOwner ?? hostname() }
    : { folder: place };
};

const withinStore = (store: string): string | undefined => {
  if (store === 'memory:') return undefined;
  return store.startsWith('file:') ? join(store.slice('file:'.length), 'alerts') : store;
};
