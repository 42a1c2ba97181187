import type { Registry } from '../../platform/metrics.ts';
import { FileMedium } from './file-medium.ts';
import type { Medium } from './medium.ts';
import { createSpoolMetrics } from './metrics.ts';
import type { SpoolPlace } from './place.ts';
import { Spool, type SpoolDeps, type SpoolOptions } from './spool.ts';

export interface OpenSpoolDeps extends Omit<SpoolDeps, 'metrics'> {
  readonly registry: Registry;
  /** Once it aborts, nothing is waited for any more. */
  readonly signal?: AbortSignal;
}

/**
 * Opens the spool with what an earlier process left there. A place that cannot be used, or that another process has, is told
 * and tried on. Rejects for a URL that is none.
 */
export const openSpool = async (
  place: SpoolPlace,
  options: SpoolOptions,
  { registry, signal, ...deps }: OpenSpoolDeps,
): Promise<Spool> => {
  const spool = new Spool(await mediumOf(place, deps), options, { ...deps, metrics: createSpoolMetrics(registry) });
  await spool.start(signal);
  return spool;
};

const mediumOf = async (place: SpoolPlace, deps: Pick<SpoolDeps, 'log' | 'clock'>): Promise<Medium> => {
  if (place.redis === undefined) return new FileMedium(place.folder, deps.clock);
  // The client takes longer to load than all the rest of the start.
  const { RedisMedium } = await import('./redis-medium.ts');
  return new RedisMedium(place.redis, place.owner, deps);
};
