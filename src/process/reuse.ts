import type { EventProcess } from '../model/event.ts';
import type { Nanos } from '../model/time.ts';
import type { Proc } from './lineage.ts';

/**
 * A pid alone does not identify a process, since pids are reused; and `proc.pid.ts` does not either, since Falco prints
 * the start of the THREAD that acted. What is certain:
 *
 * - an execution is the first thread's, whichever called it, and carries the process's own start;
 * - a thread does not start after its process has exited;
 * - a process does not change its parent, but to be adopted by pid 1 or by a subreaper above it.
 *
 * What stays wrong: a process whose exit and execution were both lost, on a pid that a child of the same parent had
 * before, is taken for the earlier one.
 */
export const isReuse = (known: Proc, process: EventProcess, executed: boolean): boolean => {
  const { startTime } = process;
  if (startTime === undefined || known.start === undefined || startTime <= known.start) return false;
  if (executed) return true;
  const parent = process.ancestors[0]?.pid;
  const adopted = parent === undefined || known.parent === undefined || parent === known.parent || parent === 1;
  // Without an execution seen, an exit may have been a thread's.
  if (known.exitedAt !== undefined) return startTime > known.exitedAt && (known.executed || !adopted);
  return startTime > known.lastSeen && !adopted;
};

/** Of the processes that had a pid one after the other, the one that an event belongs to. */
export const incarnationOf = (known: Proc, process: EventProcess, time: Nanos): Proc => {
  const { previous, start } = known;
  if (!previous || start === undefined) return known;
  const { startTime } = process;
  const before = startTime === undefined ? time < start : startTime < start;
  return before ? previous : known;
};
