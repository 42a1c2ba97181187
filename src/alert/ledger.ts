import type { Alert } from '../model/alert.ts';
import { ms, type Nanos } from '../model/time.ts';
import { fingerprint } from './labels.ts';
import { type Span, spanAt, type WireOptions } from './wire.ts';

export interface LedgerOptions extends WireOptions {
  readonly queueCapacity: number;
  readonly resolveRepeatMs: number;
}

/** What taking in a newer state cost. */
export interface Put {
  /** States of the same alert that were never accepted. */
  readonly superseded: number;
  /** Of an alert that went to make room: states that were never accepted. */
  readonly dropped: number;
  /** Alerts that went to make room while they fired and were known: they are no longer repeated. */
  readonly forgotten: number;
}

/** The newest state of an alert, and what one Alertmanager knows of it. */
export interface Entry {
  readonly key: string;
  readonly alert: Alert;
  /** False once this state has been accepted: what follows are repetitions. */
  fresh: boolean;
  /** When the alert was first accepted, by wall clock. */
  acceptedAt?: Nanos;
  /** When it was first accepted as resolved. */
  settledAt?: Nanos;
}

/**
 * What one Alertmanager shall know, and what of it is due to be sent. Holds one entry for each alert, so a newer state
 * takes the place of an older one that has not been sent yet; an entry stays due until it is known to be accepted, so a
 * request that fails costs nothing. Bounded: past `queueCapacity` the oldest entry goes, repetitions of resolved alerts
 * first. Asks no clock.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #due = new Set<string>();
  readonly #settled = new Set<string>();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Alerts waiting to be sent. */
  get due(): number {
    return this.#due.size;
  }

  /** Takes the newest state of an alert. */
  put(alert: Alert): Put {
    const key = fingerprint(alert.labels);
    const old = this.#entries.get(key);
    const entry: Entry = { key, alert, fresh: true };
    if (old && continues(old.alert, alert) && old.acceptedAt !== undefined) entry.acceptedAt = old.acceptedAt;
    this.#entries.set(key, entry);
    this.#settled.delete(key);
    this.#due.add(key);
    const superseded = old?.fresh ? 1 : 0;
    const full = this.#entries.size > this.#options.queueCapacity;
    return { superseded, ...(full ? this.#makeRoom() : { dropped: 0, forgotten: 0 }) };
  }

  /** Up to `count` entries that are due, oldest first. */
  peek(count: number): readonly Entry[] {
    const entries: Entry[] = [];
    for (const key of this.#due) {
      if (entries.length === count) break;
      const entry = this.#entries.get(key);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  spanAt(entry: Entry, now: Nanos): Span {
    return spanAt(entry.alert, now, entry.acceptedAt, this.#options);
  }

  /** These entries were accepted in a request written at `now`. Returns those that are news, not repetitions. */
  accepted(batch: readonly Entry[], now: Nanos): readonly Alert[] {
    const news: Alert[] = [];
    for (const entry of batch) {
      const settled = entry.alert.endsAt !== undefined && this.spanAt(entry, now).endsAt <= now;
      entry.acceptedAt ??= now;
      const current = this.#entries.get(entry.key);
      if (!current) continue; // lost to make room, and counted as such
      if (current !== entry) {
        // A newer state came while this one was on its way: it stays due.
        if (continues(entry.alert, current.alert)) current.acceptedAt ??= entry.acceptedAt;
        continue;
      }
      if (entry.fresh) news.push(entry.alert);
      entry.fresh = false;
      this.#due.delete(entry.key);
      if (!settled) continue;
      entry.settledAt ??= now;
      this.#settled.add(entry.key);
    }
    return news;
  }

  /** Leaves these entries until the next re-send, unless a newer state has come. */
  postpone(batch: readonly Entry[]): void {
    for (const entry of batch) if (this.#entries.get(entry.key) === entry) this.#due.delete(entry.key);
  }

  /** Forgets an entry that will never be accepted, unless a newer state has come. True where that loses news. */
  discard(entry: Entry): boolean {
    if (this.#entries.get(entry.key) !== entry) return false;
    this.#remove(entry.key);
    return entry.fresh;
  }

  /** Makes every entry due again, and forgets those that have been resolved for long enough. */
  resend(now: Nanos): void {
    const repeat = ms(this.#options.resolveRepeatMs);
    for (const [key, { settledAt }] of this.#entries) {
      if (settledAt !== undefined && now - settledAt > repeat) this.#remove(key);
      else this.#due.add(key);
    }
  }

  /** Gives up on everything. Returns how many were news, those that were postponed included. */
  abandon(): number {
    const lost = [...this.#entries.values()].filter(({ fresh }) => fresh).length;
    this.#entries.clear();
    this.#due.clear();
    this.#settled.clear();
    return lost;
  }

  #makeRoom(): Omit<Put, 'superseded'> {
    const [settled] = this.#settled;
    const [oldest] = this.#entries.keys();
    const key = settled ?? (oldest as string);
    const { fresh, alert } = this.#entries.get(key) as Entry;
    this.#remove(key);
    return { dropped: fresh ? 1 : 0, forgotten: fresh || alert.endsAt !== undefined ? 0 : 1 };
  }

  #remove(key: string): void {
    this.#entries.delete(key);
    this.#due.delete(key);
    this.#settled.delete(key);
  }
}

/** False where a resolved alert fires anew: what came before says nothing of how long the new one has been firing. */
const continues = (older: Alert, newer: Alert): boolean => older.endsAt === undefined || newer.endsAt !== undefined;
