import type { Alert, Receipt } from '../model/alert.ts';
import { Backoff } from '../platform/backoff.ts';
import { type Clock, sleep } from '../platform/clock.ts';
import type { Documents } from '../platform/documents.ts';
import { errorMessage } from '../platform/error-message.ts';
import { overOrAborted } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import { alertRecord, toRecord } from './alert-record.ts';
import type { OutputMetrics } from './output/metrics.ts';
import type { Report, Sink } from './sink.ts';

const COLLECTION = 'incidents';
/** Incidents kept; past it those that began first go. */
const MAX_KEPT = 1_000;
/** Writes after which that is looked at. */
const PRUNE_EVERY = 100;

export interface RegisterDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: OutputMetrics;
}

/**
 * Keeps the newest state of every incident in the store, so that a person can look at it and accept it when its session is
 * long over. A store that does not answer holds up nobody: incidents wait here, and the oldest of too many go.
 */
export class RegisterSink implements Sink {
  readonly name = 'incidents';
  readonly #documents: Documents;
  readonly #capacity: number;
  readonly #deps: RegisterDeps;
  readonly #waiting = new Map<string, Alert>();
  readonly #backoff = new Backoff({ initialMs: 200, maxMs: 30_000 });
  readonly #ending = new AbortController();
  #working: Promise<void> | undefined;
  #writing: Alert | undefined;
  #written = 0;
  #failing = false;
  #report: Report = () => {};

  constructor(documents: Documents, capacity: number, deps: RegisterDeps) {
    this.#documents = documents;
    this.#capacity = capacity;
    this.#deps = deps;
  }

  open(report: Report): void {
    this.#report = report;
  }

  take(alert: Alert): void {
    const { id } = alert.incident ?? {};
    if (id === undefined) {
      this.#tell('delivered', [alert]);
      return;
    }
    const older = this.#waiting.get(id);
    if (older && older !== this.#writing) this.#deps.metrics.alerts.inc({ sink: this.name, outcome: 'superseded' });
    this.#waiting.delete(id);
    this.#waiting.set(id, alert);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > this.#capacity && oldest !== undefined) {
      this.#waiting.delete(oldest);
      this.#tell('dropped');
    }
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async close(deadlineMs: number): Promise<void> {
    const cancel = this.#deps.clock.after(deadlineMs, () => this.#ending.abort());
    if (this.#working) await overOrAborted(this.#working, this.#ending.signal);
    cancel();
    this.#ending.abort();
    for (const _ of this.#waiting) this.#tell('dropped');
    this.#waiting.clear();
  }

  async #work(): Promise<void> {
    for (let [next] = this.#waiting; next && !this.#ending.signal.aborted; [next] = this.#waiting) {
      const [id, alert] = next;
      this.#writing = alert;
      const reason = await this.#keep(id, alert);
      if (this.#ending.signal.aborted) return;
      if (reason === undefined) this.#kept(id, alert);
      else await this.#fail(reason);
    }
  }

  async #keep(id: string, alert: Alert): Promise<string | undefined> {
    try {
      await this.#documents.put(COLLECTION, id, toRecord(alert));
      if (this.#written++ % PRUNE_EVERY === 0) await prune(this.#documents);
      return undefined;
    } catch (error) {
      return errorMessage(error);
    }
  }

  #kept(id: string, alert: Alert): void {
    if (this.#failing) this.#deps.log.info('incidents are kept again');
    this.#failing = false;
    this.#backoff.reset();
    if (!this.#waiting.has(id)) return; // lost to make room, and counted as such
    if (this.#waiting.get(id) === alert) this.#waiting.delete(id);
    this.#tell('delivered', [alert]);
  }

  async #fail(reason: string): Promise<void> {
    const { log, clock, metrics } = this.#deps;
    metrics.errors.inc({ sink: this.name });
    if (!this.#failing) log.warn({ reason }, 'incidents cannot be kept for `creance accept`; trying on');
    this.#failing = true;
    await sleep(clock, this.#backoff.next(), this.#ending.signal);
  }

  #tell(outcome: Receipt['outcome'], settled: readonly Alert[] = []): void {
    this.#deps.metrics.alerts.inc({ sink: this.name, outcome });
    this.#report({ type: 'receipt', sink: this.name, outcome, count: 1 }, settled);
  }
}

/** The incidents that were kept, the newest first. What cannot be read is left out. */
export const keptIncidents = async (documents: Documents): Promise<readonly Alert[]> =>
  [...(await documents.all(COLLECTION)).values()]
    .flatMap((document) => alertRecord.safeParse(document).data ?? [])
    .sort((a, b) => (a.startsAt < b.startsAt ? 1 : -1));

const prune = async (documents: Documents): Promise<void> => {
  const old = (await keptIncidents(documents)).slice(MAX_KEPT);
  for (const { incident } of old) if (incident) await documents.remove(COLLECTION, incident.id);
};
