import type { Alert } from '../../model/alert.ts';
import { fingerprint } from '../labels.ts';

/** Alerts remembered as told; past it the oldest may be told once more. */
const MAX_TOLD = 10_000;

/** For receivers that know events and no states: true when an alert begins to fire, false for all that follows until it ends. */
export const firstOnly = (): ((alert: Alert) => boolean) => {
  const told = new Set<string>();
  return (alert) => {
    const key = fingerprint(alert.labels);
    if (alert.endsAt !== undefined) {
      told.delete(key);
      return false;
    }
    if (told.has(key)) return false;
    told.add(key);
    const [oldest] = told;
    if (told.size > MAX_TOLD && oldest !== undefined) told.delete(oldest);
    return true;
  };
};
