import { between, type Random } from './random.ts';

/** What may go wrong, by the part that it happens to. Faults of one part follow each other; those of different parts overlap. */
export const FAULTS = {
  alertmanagers: ['alertmanager killed', 'both alertmanagers stopped', 'alertmanager stopped'],
  webhook: ['webhook answers 500', 'webhook hangs'],
  redis: ['redis restarted', 'redis paused'],
  falco: ['falco killed'],
  creance: ['creance killed', 'creance stopped'],
  sender: ['burst'],
} as const;
export type Part = keyof typeof FAULTS;
export type FaultKind = (typeof FAULTS)[Part][number];

export interface Fault {
  readonly kind: FaultKind;
  /** In seconds from the start. */
  readonly from: number;
  readonly to: number;
}

/** How long a fault lasts at most. In seconds. */
const LONGEST: Readonly<Record<Part, number>> = {
  ...{ alertmanagers: 25, webhook: 20, redis: 12, falco: 6, creance: 4, sender: 6 },
};

/** Faults a minute, and at least one of each kind where there is time for them. */
const OFTEN: Readonly<Record<Part, number>> = {
  ...{ alertmanagers: 0.4, webhook: 0.3, redis: 0.25, falco: 0.25, creance: 0.15, sender: 0.2 },
};

/** Seconds without a fault at the beginning, and before the end of the stream for everything to mend. */
const QUIET = { first: 0.1, last: 0.85 };
/** creance is let live from here on, so that there is one long life whose memory can be judged. */
const LAST_RESTART = 0.35;

/** When what goes wrong, in order of time. */
export const planFaults = (random: Random, seconds: number): readonly Fault[] => {
  const parts = Object.keys(FAULTS) as Part[];
  return parts.flatMap((part) => faultsOf(part, random, seconds)).sort((a, b) => a.from - b.from);
};

const faultsOf = (part: Part, random: Random, seconds: number): readonly Fault[] => {
  const kinds: readonly FaultKind[] = FAULTS[part];
  const short = seconds < 60;
  const count = Math.max(short ? 1 : kinds.length, Math.round((OFTEN[part] * seconds) / 60));
  const from = seconds * QUIET.first;
  const to = seconds * (part === 'creance' && !short ? LAST_RESTART : QUIET.last);
  const slot = (to - from) / count;
  return Array.from({ length: count }, (_, index) => {
    const length = Math.min(LONGEST[part], slot * 0.5, seconds * 0.15) * between(random, 0.6, 1);
    const begins = from + slot * index + random() * (slot * 0.7 - length);
    return { kind: kinds[index % kinds.length] as FaultKind, from: begins, to: begins + length };
  });
};
