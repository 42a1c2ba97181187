import type { Alert } from '../../model/alert.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/error-message.ts';
import { overOrAborted } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/log.ts';
import { later } from '../earlier.ts';
import type { Sink } from '../sink.ts';
import type { Change, Kept } from './kept.ts';
import { idOf, readLine } from './line.ts';
import type { Medium } from './medium.ts';
import type { SpoolMetrics, SpoolTrouble } from './metrics.ts';
import { Shelf } from './shelf.ts';

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

/** Takes an alert for all sinks but those that know this state of it. */
export type TellLate = (alert: Alert, knownBy: ReadonlySet<string>) => void;

/** How soon a medium that cannot be used is tried again. */
const RETRY_MS = 10_000;

/**
 * Keeps every alert that fires, and every one that a sink has not got yet, beyond the end of this process. A medium that
 * cannot be used holds no alert up: they go on as if there were no spool, and are written once it is possible again.
 */
export class Spool {
  readonly #medium: Medium;
  readonly #shelf = new Shelf();
  readonly #options: SpoolOptions;
  readonly #deps: SpoolDeps;
  #isStarted = false;
  #isClosing = false;
  #opening: Promise<void> | undefined;
  #tellLate: TellLate = () => {};
  /** Whether changes go to the medium; while not, it is written anew once it can be. */
  #isOpen = false;
  #trouble: 'none' | SpoolTrouble = 'none';
  #cancelRetry = () => {};
  #cancelBeat = () => {};

  constructor(medium: Medium, options: SpoolOptions, deps: SpoolDeps) {
    this.#medium = medium;
    this.#options = options;
    this.#deps = deps;
  }

  /**
   * Reads what an earlier process left. Resolves also when that cannot be done now, which is then tried on, and when `signal`
   * aborts. Never rejects.
   */
  async start(signal?: AbortSignal): Promise<void> {
    await (signal ? overOrAborted(this.#open(), signal) : this.#open());
    this.#isStarted = true;
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

  /** Names who is told of what an earlier process left when that could not be read in time for the above. */
  onLate(tell: TellLate): void {
    this.#tellLate = tell;
  }

  /** Takes the newest state of an alert and hands it to the medium. Waits for nothing. */
  put(alert: Alert): void {
    const changes: Change[] = [{ kind: 'put', kept: this.#shelf.put(alert) }];
    const oldest = this.#shelf.size > this.#options.capacity ? this.#shelf.oldest() : undefined;
    if (oldest) {
      this.#shelf.remove(oldest.id);
      this.#deps.metrics.dropped.inc();
      changes.push({ kind: 'gone', kept: oldest });
    }
    this.#write(changes);
  }

  /** The sink needs to be told no more of these states. */
  settle(sink: string, alerts: readonly Alert[]): void {
    const changes: Change[] = [];
    for (const alert of alerts) {
      const kept = this.#shelf.of(alert);
      if (!kept || kept.done.has(sink)) continue;
      kept.done.add(sink);
      if (this.#isOver(kept)) {
        this.#shelf.remove(kept.id);
        changes.push({ kind: 'gone', kept });
      } else changes.push({ kind: 'done', kept, sink });
    }
    if (changes.length > 0) this.#write(changes);
  }

  /** Writes all down a last time. Never rejects. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#cancelRetry();
    await this.#opening;
    if (this.#isOpen) await this.#replace();
    else if (this.#shelf.size > 0) await this.#open();
    this.#isOpen = false;
    this.#cancelRetry();
    this.#cancelBeat();
    await this.#medium.close();
  }

  #isOver({ alert, done }: Kept): boolean {
    return alert.endsAt !== undefined && this.#options.sinks.every((name) => done.has(name));
  }

  #write(changes: readonly Change[]): void {
    this.#deps.metrics.alerts.set(this.#shelf.size);
    if (!this.#isOpen) return;
    this.#medium.write(changes, this.#shelf).catch((error) => {
      // Of the writes under way the first tells.
      if (this.#isOpen) this.#fail(error);
    });
  }

  #open(): Promise<void> {
    this.#opening ??= this.#tryOpen();
    return this.#opening;
  }

  async #tryOpen(): Promise<void> {
    try {
      const found = await this.#medium.open();
      if (found === 'taken') this.#giveWay();
      else {
        await this.#adopt(found);
        await this.#replace();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#opening = undefined;
    }
  }

  async #replace(): Promise<void> {
    this.#deps.metrics.alerts.set(this.#shelf.size);
    this.#isOpen = true; // what changes while all is being written comes after it
    try {
      await this.#medium.replace(this.#shelf.all());
      this.#recover();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #adopt(texts: readonly string[]): Promise<void> {
    const lines = texts.flatMap((text) => readLine(text) ?? []);
    const bad = texts.length - lines.length;
    const left = new Shelf();
    for (const line of lines.toSorted((a, b) => idOf(a) - idOf(b))) left.read(line);
    if (bad > 0) await this.#setAside(bad, left.size);
    const wanted = left.all().filter((kept) => !this.#isOver(kept) && !this.#shelf.has(kept.alert));
    const lost = Math.max(0, this.#shelf.size + wanted.length - this.#options.capacity);
    this.#deps.metrics.dropped.inc(lost);
    const adopted = wanted.slice(lost).map(({ alert, done }) => this.#shelf.put(alert, done));
    if (this.#isStarted && !this.#isClosing && adopted.length > 0) this.#deliverLate(adopted);
  }

  /**
   * What fires is judged already without these. So they are told as over: Alertmanager fires them for `minFiringMs` all the
   * same, and a session that goes on raises its alert anew.
   */
  #deliverLate(adopted: readonly Kept[]): void {
    const { log, clock } = this.#deps;
    log.info(
      { spool: this.#medium.name, alerts: adopted.length },
      'alerts of an earlier process could be read only now; they are delivered as over',
    );
    for (const { alert, done } of adopted) {
      const kept =
        alert.endsAt === undefined
          ? this.#shelf.put({ ...alert, endsAt: later(clock.now(), alert.startsAt) })
          : { alert, done };
      this.#tellLate(kept.alert, new Set(kept.done));
    }
  }

  async #setAside(bad: number, alerts: number): Promise<void> {
    // Where that fails, the medium cannot be written, which is told next.
    const aside = await this.#medium.setAside().catch(() => undefined);
    const { log, metrics } = this.#deps;
    metrics.damaged.inc(bad);
    log.error(
      { spool: this.#medium.name, aside, lines: bad, alerts },
      'the spool of alerts was damaged; it is set aside and what can be read goes on',
    );
  }

  #fail(error: unknown): void {
    const { log } = this.#deps;
    const { name, where, isLocal } = this.#medium;
    const reason = errorMessage(error);
    if (this.#trouble !== 'broken')
      log.error(
        { spool: name, reason },
        `alerts cannot be kept ${where}; they are delivered, but a crash may lose them`,
      );
    this.#wait('broken', !isLocal, `alerts cannot be kept ${where}: ${reason}`);
  }

  #giveWay(): void {
    if (this.#trouble !== 'taken')
      this.#deps.log.error(
        { spool: this.#medium.name },
        'another creance keeps its alerts there; this one keeps none until that has ended, or alert.spool gives it a place of its own',
      );
    this.#wait('taken', true, `another creance has the spool; alerts are not kept ${this.#medium.where}`);
  }

  /** Until the next try. */
  #wait(trouble: SpoolTrouble, ready: boolean, detail: string): void {
    const { clock, metrics, health } = this.#deps;
    metrics.errors.inc({ cause: trouble });
    this.#isOpen = false;
    this.#trouble = trouble;
    health?.(ready, detail);
    this.#cancelBeat();
    this.#cancelRetry();
    this.#cancelRetry = clock.after(RETRY_MS, () => void this.#open());
  }

  #recover(): void {
    const { log, clock, health } = this.#deps;
    const { name, where, beatMs } = this.#medium;
    if (this.#trouble !== 'none') log.info({ spool: name, alerts: this.#shelf.size }, `alerts are kept ${where} again`);
    this.#trouble = 'none';
    health?.(true, `alerts are kept ${where}`);
    this.#cancelBeat();
    if (beatMs !== undefined) this.#cancelBeat = clock.every(beatMs, () => this.#write([]));
  }
}
