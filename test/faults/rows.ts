import type { Fault } from './row.ts';
import { alerts } from './rows/alerts.ts';
import { clock } from './rows/clock.ts';
import { falco } from './rows/falco.ts';
import { spool } from './rows/spool.ts';
import { store } from './rows/store.ts';

/** Every fault that a test brings about, by area and id, as docs/operations.md has them. */
export const areas = {
  'What was learned': store,
  'What goes in': falco,
  Alerts: alerts,
  'Alerts that outlive the process': spool,
  'The date': clock,
} as const satisfies Record<string, Record<string, Fault>>;

export const faults = { ...store, ...falco, ...alerts, ...spool, ...clock };
export type FaultId = keyof typeof faults;
