import { Counter, type Registry } from '../../platform/metrics.ts';

/** What can be wrong in a file. A closed set: it is a metric label. */
export const FILE_FAULTS = ['torn-line', 'long-line', 'broken-gzip', 'read-error', 'truncated'] as const;
export type FileFault = (typeof FILE_FAULTS)[number];

const known = new WeakMap<Registry, (fault: FileFault) => void>();

/** Counts what is wrong in files; all files of one registry share the counter. */
export const faultCounter = (registry: Registry): ((fault: FileFault) => void) => {
  const existing = known.get(registry);
  if (existing) return existing;
  const counter = new Counter({
    name: 'creance_file_faults_total',
    help: 'Faults found in files of events, by kind.',
    labelNames: ['fault'],
    registers: [registry],
  });
  for (const fault of FILE_FAULTS) counter.inc({ fault }, 0);
  const count = (fault: FileFault) => counter.inc({ fault });
  known.set(registry, count);
  return count;
};
