import { NANOS_PER_MS } from '../../model/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Ending } from './ending.ts';

/** Tells the log of troubles and their ends: one line for each trouble of an episode, however often it is tried again. */
export interface Episodes {
  failed(ending: Ending): void;
  connected(to: string): void;
}

/** Troubles that are remembered within one episode. */
const MAX_TROUBLES = 32;

export const createEpisodes = (log: Logger, clock: Clock): Episodes => {
  let since: bigint | undefined;
  let tries = 0;
  const told = new Set<string>();
  return {
    failed: ({ reason, detail }) => {
      since ??= clock.monotonic();
      tries += 1;
      if (told.has(detail) || told.size >= MAX_TROUBLES) return;
      told.add(detail);
      if (reason === 'certificate-rotated') log.info({ reason }, capitalised(detail));
      else log.warn({ reason }, `${capitalised(detail)}. Trying again until it works.`);
    },
    connected: (to) => {
      if (since === undefined) log.info(`Connected to ${to}`);
      else log.info({ tries, awayMs: Number((clock.monotonic() - since) / NANOS_PER_MS) }, `Connected again to ${to}`);
      since = undefined;
      tries = 0;
      told.clear();
    },
  };
};

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
