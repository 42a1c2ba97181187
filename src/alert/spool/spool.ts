import type { Alert } from '../../model/alert.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Sink } from '../sink.ts';
import type { Journal } from './journal.ts';
import { writeLine } from './line.ts';
import type { SpoolMetrics } from './metrics.ts';
import type { Kept, Shelf } from './shelf.ts';

export interface SpoolDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: SpoolMetrics;
  /** Told whether alerts are safe from a crash, and why not. */
  readonly health?: (ready: boolean, detail: string) => void;
}

export interface SpoolOptions {
  /** Alerts kept at most; past it the oldest is forgotten. */
  readonly capacity: number;
  /** Names of the sinks of this process: an alert that is over is kept until all of them are done with it. */
  readonly sinks: readonly string[];
}

/** How soon a journal that could not be written is tried again, and the least length at which it is written anew. */
const RETRY_MS = 10_000;
const LEAST_LINES = 1_000;

/**
 * Keeps every alert that fires, and every one that a sink has not got yet, beyond the end of this process. A journal that
 * cannot be written holds no alert up: they go on as if there were no spool, and are written once it is possible again.
 */
export class Spool {
  readonly #journal: Journal;
  readonly #shelf: Shelf;
  readonly #options: SpoolOptions;
  readonly #deps: SpoolDeps;
  /** Lines of the journal, those that say nothing any more included. */
  #length = 0;
  #broken = false;
  #cancelRetry = () => {};

  /** `shelf` holds what the journal said; the journal is written anew at once. */
  constructor(journal: Journal, shelf: Shelf, options: SpoolOptions, deps: SpoolDeps) {
    this.#journal = journal;
    this.#shelf = shelf;
    this.#options = options;
    this.#deps = deps;
    for (const kept of shelf.all()) if (this.#isOver(kept)) shelf.remove(kept.id);
    this.#rewrite();
  }

  /** The alerts that fire, the oldest first. */
  firing(): readonly Alert[] {
    return this.#shelf.all().flatMap(({ alert }) => (alert.endsAt === undefined ? [alert] : []));
  }

  /** What a sink that was just opened must be told, the oldest first. */
  pendingFor({ name, repeats = false }: Pick<Sink, 'name' | 'repeats'>): readonly Alert[] {
    return this.#shelf.all().flatMap(({ alert, done }) => {
      const known = done.has(name) && !(repeats && alert.endsAt === undefined);
      return known ? [] : [alert];
    });
  }

  /** Takes the newest state of an alert. When it returns, the end of this process cannot lose it. */
  put(alert: Alert): void {
    const kept = this.#shelf.put(alert);
    let text = writeLine({ put: kept.id, alert });
    const oldest = this.#shelf.size > this.#options.capacity ? this.#shelf.oldest() : undefined;
    if (oldest) {
      this.#shelf.remove(oldest.id);
      this.#deps.metrics.dropped.inc();
      text += writeLine({ gone: oldest.id });
    }
    this.#write(text);
  }

  /** The sink needs to be told no more of these states. */
  settle(sink: string, alerts: readonly Alert[]): void {
    let text = '';
    for (const alert of alerts) {
      const kept = this.#shelf.of(alert);
      if (!kept || kept.done.has(sink)) continue;
      kept.done.add(sink);
      const over = this.#isOver(kept);
      if (over) this.#shelf.remove(kept.id);
      text += writeLine(over ? { gone: kept.id } : { done: kept.id, sink });
    }
    if (text !== '') this.#write(text);
  }

  async close(): Promise<void> {
    this.#cancelRetry();
    if (!this.#broken) this.#rewrite();
    this.#cancelRetry();
    await this.#journal.close();
  }

  #isOver({ alert, done }: Kept): boolean {
    return alert.endsAt !== undefined && this.#options.sinks.every((name) => done.has(name));
  }

  #write(text: string): void {
    this.#deps.metrics.alerts.set(this.#shelf.size);
    if (this.#broken) return;
    this.#length += text.split('\n').length - 1;
    try {
      if (this.#length > Math.max(LEAST_LINES, 4 * this.#shelf.size)) {
        this.#replace();
        return;
      }
      this.#journal.append(text);
      void this.#journal.sync().catch((error) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  #rewrite(): void {
    try {
      this.#replace();
      this.#recover();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Throws when the disk does. */
  #replace(): void {
    const lines = this.#shelf.lines();
    this.#deps.metrics.alerts.set(this.#shelf.size);
    this.#journal.rewrite(lines.map(writeLine).join(''));
    this.#length = lines.length;
  }

  #fail(error: unknown): void {
    const { log, clock, metrics, health } = this.#deps;
    const reason = error instanceof Error ? error.message : String(error);
    metrics.errors.inc();
    if (!this.#broken)
      log.error({ reason }, 'alerts cannot be kept on disk; they are delivered, but a crash may lose them');
    this.#broken = true;
    health?.(false, `alerts cannot be kept on disk: ${reason}`);
    this.#cancelRetry();
    this.#cancelRetry = clock.after(RETRY_MS, () => this.#rewrite());
  }

  #recover(): void {
    if (this.#broken) this.#deps.log.info({ alerts: this.#shelf.size }, 'alerts are kept on disk again');
    this.#broken = false;
    this.#deps.health?.(true, 'alerts are kept on disk');
  }
}
