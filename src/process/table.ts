import type { EventProcess } from '../model/event.ts';
import type { Nanos } from '../model/time.ts';
import type { Proc } from './lineage.ts';
import { incarnationOf, isReuse } from './reuse.ts';

/** Entries looked at for one that may be forgotten; all of them in constant use means that the first goes. */
const LOOKS = 64;

/** What the table tells its owner. */
export interface TableWatch {
  /** True while the process must not be forgotten for want of room. */
  readonly isNeeded: (proc: Proc) => boolean;
  /** A process is no longer in the table. */
  readonly onForget: (proc: Proc) => void;
}

/** The processes of all nodes, at most `capacity`: those unseen for long are forgotten first (second chance). */
export class ProcessTable {
  readonly #capacity: number;
  readonly #memory: Nanos;
  readonly #watch: TableWatch;
  readonly #nodes = new Map<string, Map<number, Proc>>();
  /** All processes in order of arrival, those that were given a second chance behind. */
  readonly #queue = new Set<Proc>();
  #exited: Proc[] = [];
  evictions = 0;

  /** Exited processes are remembered for `memory`, for events that come late. */
  constructor(capacity: number, memory: Nanos, watch: TableWatch) {
    this.#capacity = capacity;
    this.#memory = memory;
    this.#watch = watch;
  }

  get size(): number {
    return this.#queue.size;
  }

  find(node: string, pid: number): Proc | undefined {
    return this.#nodes.get(node)?.get(pid);
  }

  /** The process that an event belongs to, remembered from now on. */
  see(node: string, process: EventProcess, time: Nanos, executed: boolean): Proc {
    const known = this.find(node, process.pid);
    const proc = known && !isReuse(known, process, executed) ? incarnationOf(known, process, time) : undefined;
    if (proc) {
      const { startTime } = process;
      if (startTime !== undefined && (proc.start === undefined || startTime < proc.start)) proc.start = startTime;
      if (time > proc.lastSeen) proc.lastSeen = time;
      proc.fresh = true;
      proc.seen = true;
      proc.executed ||= executed;
      return proc;
    }
    const added = this.#add(node, process.pid, process.ancestors[0]?.pid, time, known);
    if (process.startTime !== undefined) added.start = process.startTime;
    added.seen = true;
    added.executed = executed;
    return added;
  }

  /** A process that only its descendants have told of. */
  imply(node: string, pid: number, parent: number | undefined, time: Nanos): Proc {
    return this.find(node, pid) ?? this.#add(node, pid, parent, time);
  }

  markExited(proc: Proc, time: Nanos): void {
    proc.exitedAt = time;
    this.#exited.push(proc);
    if (this.#exited.length > 2 * this.#capacity) this.#exited = this.#exited.filter((one) => this.#holds(one));
  }

  /** Forgets processes whose exit lies so far back that no late event can be theirs. */
  purge(watermark: Nanos): void {
    const until = watermark - this.#memory;
    if (this.#exited[0] === undefined || (this.#exited[0].exitedAt ?? watermark) > until) return;
    const kept: Proc[] = [];
    for (const proc of this.#exited) {
      if (proc.exitedAt === undefined) continue; // only a thread's exit, as it turned out
      if (proc.exitedAt > until) kept.push(proc);
      else if (this.find(proc.node, proc.pid) === proc) this.#drop(proc);
      else this.#forgetPrevious(proc);
    }
    this.#exited = kept;
  }

  #add(node: string, pid: number, parent: number | undefined, time: Nanos, previous?: Proc): Proc {
    if (previous) this.#replace(previous);
    if (this.#queue.size >= this.#capacity) this.#evict();
    const proc: Proc = {
      node,
      pid,
      seen: false,
      executed: false,
      fresh: false,
      lastSeen: time,
      sessions: 0,
      ...(parent !== undefined && { parent }),
      ...(previous && { previous }),
    };
    let pids = this.#nodes.get(node);
    if (!pids) {
      pids = new Map();
      this.#nodes.set(node, pids);
    }
    pids.set(pid, proc);
    this.#queue.add(proc);
    return proc;
  }

  /** Another process has the pid: this one has ended, whether or not its exit was seen. */
  #replace(old: Proc): void {
    delete old.previous;
    this.#queue.delete(old);
    this.#watch.onForget(old);
    if (old.exitedAt === undefined) this.markExited(old, old.lastSeen);
  }

  #evict(): void {
    let looked = 0;
    for (const proc of this.#queue) {
      if (++looked <= LOOKS && (proc.fresh || this.#watch.isNeeded(proc))) {
        proc.fresh = false;
        this.#queue.delete(proc);
        this.#queue.add(proc);
        continue;
      }
      this.evictions++;
      this.#drop(proc);
      this.#watch.onForget(proc);
      return;
    }
  }

  #drop(proc: Proc): void {
    this.#queue.delete(proc);
    const pids = this.#nodes.get(proc.node);
    pids?.delete(proc.pid);
    if (pids?.size === 0) this.#nodes.delete(proc.node);
  }

  #holds(proc: Proc): boolean {
    const current = this.find(proc.node, proc.pid);
    return current === proc || current?.previous === proc;
  }

  #forgetPrevious(old: Proc): void {
    const current = this.find(old.node, old.pid);
    if (current?.previous === old) delete current.previous;
  }
}
