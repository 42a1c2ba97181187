import type { EventProcess } from '../model/event.ts';
import type { Nanos } from '../model/time.ts';
import type { Proc } from './lineage.ts';

/** Exited processes are remembered this long, for events that come late. */
const MEMORY_OF_EXITED: Nanos = 5_000_000_000n;

/**
 * The processes of all nodes, at most `capacity`, the longest unseen forgotten first.
 *
 * A pid alone does not identify a process, since pids are reused; and `proc.pid.ts` does not either, since Falco prints
 * the start of the THREAD that acted. So a known pid stands for the same process until its exit was seen and a later
 * start shows up, or until an event comes from a thread that started after the process was last seen under a different parent.
 */
export class ProcessTable {
  readonly #capacity: number;
  readonly #onForget: (proc: Proc) => void;
  readonly #procs = new Map<string, Proc>();
  #exited: Proc[] = [];

  constructor(capacity: number, onForget: (proc: Proc) => void) {
    this.#capacity = capacity;
    this.#onForget = onForget;
  }

  get size(): number {
    return this.#procs.size;
  }

  find(node: string, pid: number): Proc | undefined {
    return this.#procs.get(keyOf(node, pid));
  }

  /** The process that an event belongs to, remembered from now on. */
  see(node: string, process: EventProcess, time: Nanos): Proc {
    const key = keyOf(node, process.pid);
    const known = this.#procs.get(key);
    if (known && !isReuse(known, process)) {
      if (process.startTime !== undefined && (known.start === undefined || process.startTime < known.start))
        known.start = process.startTime;
      if (time > known.lastSeen) known.lastSeen = time;
      return known;
    }
    if (known) this.#forget(known);
    return this.#add(key, process.pid, process.ancestors[0]?.pid, process.startTime, time);
  }

  /** A process that only its descendants have told of. */
  imply(node: string, pid: number, parent: number | undefined, time: Nanos): Proc {
    return this.find(node, pid) ?? this.#add(keyOf(node, pid), pid, parent, undefined, time);
  }

  markExited(proc: Proc, time: Nanos): void {
    proc.exitedAt = time;
    this.#exited.push(proc);
  }

  /** Forgets processes whose exit lies so far back that no late event can be theirs. */
  purge(watermark: Nanos): void {
    const until = watermark - MEMORY_OF_EXITED;
    if (this.#exited[0] === undefined || (this.#exited[0].exitedAt ?? watermark) > until) return;
    const kept: Proc[] = [];
    for (const proc of this.#exited) {
      if (proc.exitedAt === undefined) continue; // only a thread's exit, as it turned out
      if (proc.exitedAt > until) kept.push(proc);
      else if (this.#procs.get(proc.key) === proc) this.#procs.delete(proc.key);
    }
    this.#exited = kept;
  }

  #add(key: string, pid: number, parent: number | undefined, start: Nanos | undefined, time: Nanos): Proc {
    if (this.#procs.size >= this.#capacity) this.#evict();
    const proc: Proc = {
      key,
      pid,
      lastSeen: time,
      ...(parent !== undefined && { parent }),
      ...(start !== undefined && { start }),
    };
    this.#procs.set(key, proc);
    return proc;
  }

  /** Drops the longest unseen of a few of the oldest entries: near enough to the truth, and cheap. */
  #evict(): void {
    let victim: Proc | undefined;
    let looked = 0;
    for (const proc of this.#procs.values()) {
      if (!victim || proc.lastSeen < victim.lastSeen) victim = proc;
      if (++looked >= 16) break;
    }
    if (victim) this.#forget(victim);
  }

  #forget(proc: Proc): void {
    this.#procs.delete(proc.key);
    this.#onForget(proc);
  }
}

const keyOf = (node: string, pid: number): string => `${pid}@${node}`;

const isReuse = (known: Proc, process: EventProcess): boolean => {
  const { startTime } = process;
  if (startTime === undefined) return false;
  if (known.exitedAt !== undefined) return startTime > known.exitedAt;
  const parent = process.ancestors[0]?.pid;
  return (
    startTime > known.lastSeen &&
    parent !== undefined &&
    known.parent !== undefined &&
    parent !== known.parent &&
    parent !== 1
  );
};
