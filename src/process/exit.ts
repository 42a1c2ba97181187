import type { EventProcess, FalcoEvent } from '../model/event.ts';
import type { Member, Proc } from './lineage.ts';
import type { ProcessTable } from './table.ts';

/**
 * Notes an exit, and says whether it was the whole process's. Threads exit with the same event as processes do, and only
 * the first thread's start is the process's own. An event that follows, or an earlier start that shows up, tells that it
 * was a thread after all.
 */
export const noteExit = (
  table: ProcessTable,
  proc: Proc,
  { session }: Member,
  { startTime }: EventProcess,
  event: FalcoEvent,
): boolean => {
  if (proc.exitedAt !== undefined && wasThread(proc, event) && table.find(proc.node, proc.pid) === proc) {
    delete proc.exitedAt;
    session.alive++;
  }
  if (event.call !== 'procexit' || proc.exitedAt !== undefined) return false;
  if (startTime !== undefined && startTime !== proc.start) return false;
  table.markExited(proc, event.time);
  if (startTime !== undefined) proc.exitStart = startTime;
  session.alive--;
  return true;
};

const wasThread = ({ start, exitStart, exitedAt = 0n }: Proc, { call, time }: FalcoEvent): boolean =>
  (exitStart !== undefined && start !== undefined && exitStart > start) || (call !== 'procexit' && time > exitedAt);
