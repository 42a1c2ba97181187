import { createHash, randomUUID } from 'node:crypto';
import { type Clock, sleep } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { openRedis, type RedisLink } from '../../platform/redis.ts';
import { fingerprint } from '../labels.ts';
import type { Change, Kept } from './kept.ts';
import { writeKept } from './line.ts';
import type { Medium } from './medium.ts';
import { CLOSE, OPEN, SET_ASIDE, WRITE } from './redis-scripts.ts';

/** How long after its last word a holder counts as dead. */
const LOCK_MS = 6_000;
const POLL_MS = 250;
/** How long a start waits for a Redis that does not answer. */
const PATIENCE_MS = 2_000;
/** How long an end waits for one. */
const FAREWELL_MS = 1_000;
/** Writes that wait for their answer at once. */
const MAX_UNDER_WAY = 1_000;
/** How long the alerts of an owner that never comes back are kept. */
const KEEP_MS = 7 * 24 * 3_600_000;

/**
 * The alerts of one owner in Redis: a hash with a field for each alert, and beside it a lock that runs out by itself. Every
 * write is one script that first looks whether the lock and the hash are still ours, so that a process which was paused for
 * longer than its lock cannot overwrite its successor. A write leaves this process at once, for the system to send even if
 * the process is killed in that moment; past a number of them without an answer, what changes is gathered for the next, so
 * that a Redis that hangs makes nothing pile up. Both keys are in one slot of a cluster.
 */
export class RedisMedium implements Medium {
  readonly name: string;
  readonly where = 'in Redis';
  readonly isLocal = false;
  readonly beatMs = LOCK_MS / 3;
  readonly #link: RedisLink;
  readonly #clock: Clock;
  readonly #lock: string;
  readonly #alerts: string;
  /** Who we are, in the lock. */
  readonly #token = randomUUID();
  /** Of the contents as we last read or sent them; each `replace` has another. Empty where there are none. */
  #epoch = '';
  /** The one before, which may still be there. */
  #formerEpoch = '';
  #hasWaited = false;
  /** Fields of the hash, as far as they have been sent. */
  readonly #fields = new Set<string>();
  /** What is still to be sent; nothing of it stands for a field to delete. */
  readonly #changed = new Map<string, Kept | undefined>();
  #underWay = 0;
  #last: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(url: string, owner: string, { log, clock }: { readonly log: Logger; readonly clock: Clock }) {
    this.#link = openRedis(url, log);
    this.#clock = clock;
    const key = `${this.#link.address.prefix}spool:{${encodeURIComponent(owner)}}`;
    this.name = `${this.#link.name} ${key}`;
    this.#lock = `${key}:lock`;
    this.#alerts = `${key}:alerts`;
  }

  /**
   * The first time it waits for the lock of a holder that is silent, for as long as that may be, but for no Redis that is
   * silent itself: a start waits for it.
   */
  async open(): Promise<readonly string[] | 'taken'> {
    const mayWait = !this.#hasWaited;
    this.#hasWaited = true;
    let before = Number.POSITIVE_INFINITY;
    for (;;) {
      const answer = await this.#run('read', OPEN, [LOCK_MS], mayWait ? { limitMs: PATIENCE_MS } : {});
      if (Array.isArray(answer)) return this.#news(answer);
      const left = Number(answer);
      // A holder that lives has renewed its lock.
      if (!mayWait || left < 0 || left > before) return 'taken';
      before = left;
      await sleep(this.#clock, Math.min(left, POLL_MS));
    }
  }

  async setAside(): Promise<string> {
    const aside = `${this.#alerts}:damaged`;
    await this.#run('write', SET_ASIDE, [KEEP_MS], { keys: [aside] });
    this.#epoch = '';
    return aside;
  }

  replace(entries: readonly Kept[]): Promise<void> {
    this.#changed.clear();
    this.#fields.clear();
    for (const kept of entries) this.#changed.set(fieldOf(kept), kept);
    this.#formerEpoch = this.#epoch;
    this.#epoch = randomUUID();
    return this.#send(this.#formerEpoch);
  }

  write(changes: readonly Change[]): Promise<void> {
    for (const { kind, kept } of changes) {
      const field = fieldOf(kept);
      if (kind !== 'gone') this.#changed.set(field, kept);
      else if (this.#fields.has(field)) this.#changed.set(field, undefined);
      else this.#changed.delete(field);
    }
    if (this.#underWay < MAX_UNDER_WAY) return this.#send(this.#epoch);
    this.#next ??= this.#sendNext();
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#last?.catch(() => {});
    await this.#run('write', CLOSE, [], { limitMs: FAREWELL_MS }).catch(() => {}); // its lock then runs out
    await this.#link.close();
  }

  async #sendNext(): Promise<void> {
    await this.#last?.catch(() => {}); // which tells of itself
    this.#next = undefined;
    await this.#send(this.#epoch);
  }

  /** Sends what has changed to the contents of `epoch`. */
  #send(epoch: string): Promise<void> {
    const sets: string[] = [];
    const deletes: string[] = [];
    for (const [field, kept] of this.#changed) {
      if (kept) {
        sets.push(field, writeKept(kept));
        this.#fields.add(field);
      } else {
        deletes.push(field);
        this.#fields.delete(field);
      }
    }
    this.#changed.clear();
    this.#underWay += 1;
    this.#last = this.#run('write', WRITE, [LOCK_MS, KEEP_MS, epoch, this.#epoch, deletes.length, ...deletes, ...sets])
      .then((isOurs) => {
        if (isOurs !== 1) throw new Error('what was kept is gone, or another process has it');
      })
      .finally(() => {
        this.#underWay -= 1;
      });
    return this.#last;
  }

  /** The lines among `flat`, fields and values in turn, unless they are those that we know. */
  #news(flat: readonly string[]): readonly string[] {
    const hash = new Map<string, string>();
    for (let at = 0; at + 1 < flat.length; at += 2) hash.set(String(flat[at]), String(flat[at + 1]));
    const epoch = hash.get('epoch') ?? '';
    hash.delete('epoch');
    const isKnown = epoch === this.#epoch || epoch === this.#formerEpoch;
    this.#epoch = epoch;
    return isKnown ? [] : [...hash.values()].flatMap((lines) => lines.split('\n').slice(0, -1));
  }

  #run(
    act: 'read' | 'write',
    script: string,
    args: readonly (string | number)[],
    { keys = [], limitMs }: { readonly keys?: readonly string[]; readonly limitMs?: number } = {},
  ): Promise<unknown> {
    const all = [this.#lock, this.#alerts, ...keys];
    return this.#link.run(act, () => this.#link.client.eval(script, all.length, ...all, this.#token, ...args), limitMs);
  }
}

/** One for each label set, of one length whatever the labels hold. */
const fieldOf = ({ alert }: Kept): string =>
  createHash('sha256').update(fingerprint(alert.labels)).digest('base64url').slice(0, 22);
