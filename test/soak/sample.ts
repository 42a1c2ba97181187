import type { Creance } from './creance.ts';
import type { Sample } from './judge-memory.ts';

/** What the process takes, by its latest figures; with the live heap, which costs it a full collection, where asked. */
export const sampleOf = async (creance: Creance, withHeap: boolean): Promise<Sample> => {
  const { figures, from, number } = creance.life;
  const live = withHeap ? await creance.liveHeap() : undefined;
  return {
    life: number,
    at: (performance.now() - from) / 1_000,
    rssMb: figures.sum('process_resident_memory_bytes') / 1e6,
    ...(live !== undefined && { liveMb: live / 1e6 }),
    files: creance.openFiles() ?? 0,
    lagMs: figures.sum('nodejs_eventloop_lag_p99_seconds') * 1_000,
  };
};
