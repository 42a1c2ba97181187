import type { Logger } from '../platform/log.ts';
import { Counter, type Registry } from '../platform/metrics.ts';

/** Counts the faults of each stage and logs the first of it, with its stack: a bug that somebody should hear of. */
export const createFaults = ({ log, registry }: { readonly log: Logger; readonly registry: Registry }) => {
  const faults = new Counter({
    name: 'creance_stage_faults_total',
    help: 'Inputs that a stage failed on and went on without: bugs, each worth a report.',
    labelNames: ['stage'],
    registers: [registry],
  });
  return (stage: string) => {
    let told = false;
    faults.inc({ stage }, 0);
    return (error: unknown): void => {
      faults.inc({ stage });
      const stack = error instanceof Error ? error.stack : String(error);
      log[told ? 'debug' : 'error'](
        { stage, stack },
        'a stage failed on an input and goes on without it: please report this',
      );
      told = true;
    };
  };
};
export type Faults = ReturnType<typeof createFaults>;
