import { closeSync, fstatSync, openSync, statSync, writeSync } from 'node:fs';
import type { Alert, Receipt } from '../../model/alert.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/error-message.ts';
import type { Logger } from '../../platform/log.ts';
import type { Report, Sink } from '../sink.ts';
import { asJson } from './as-json.ts';
import type { OutputMetrics } from './metrics.ts';

export interface FileDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: OutputMetrics;
}

/** A line and what of it is not written yet. */
interface Waiting {
  readonly alert: Alert;
  rest: Buffer;
}

const RETRY_MS = 5_000;

/**
 * Appends a line of JSON for every state of an alert. Rotation is left to the platform: a file that was renamed or removed
 * is made anew, for this user only. While it cannot be written, lines wait, and the oldest of too many go.
 */
export class FileSink implements Sink {
  readonly name = 'file';
  readonly #path: string;
  readonly #capacity: number;
  readonly #deps: FileDeps;
  readonly #waiting: Waiting[] = [];
  #fd: number | undefined;
  #failing = false;
  #cancelRetry = () => {};
  #report: Report = () => {};

  constructor(path: string, capacity: number, deps: FileDeps) {
    this.#path = path;
    this.#capacity = capacity;
    this.#deps = deps;
  }

  open(report: Report): void {
    this.#report = report;
  }

  take(alert: Alert): void {
    this.#waiting.push({ alert, rest: Buffer.from(`${JSON.stringify(asJson(alert))}\n`) });
    if (!this.#failing) this.#write();
    if (this.#waiting.length <= this.#capacity) return;
    this.#waiting.splice(1, 1); // the first may be half written
    this.#tell('dropped', 1);
  }

  async close(): Promise<void> {
    this.#cancelRetry();
    if (this.#failing) this.#write();
    this.#cancelRetry();
    this.#tell('dropped', this.#waiting.splice(0).length);
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #write(): void {
    const { log, clock, metrics } = this.#deps;
    try {
      for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
        const fd = this.#openFile();
        while (first.rest.length > 0) first.rest = first.rest.subarray(writeSync(fd, first.rest));
        this.#waiting.shift();
        this.#tell('delivered', 1, [first.alert]);
      }
      if (this.#failing) log.info({ file: this.#path }, 'alerts can be written to the file again');
      this.#failing = false;
    } catch (error) {
      const reason = errorMessage(error);
      metrics.errors.inc({ sink: 'file' });
      if (!this.#failing) log.error({ reason }, 'alerts cannot be written to the file; trying on');
      this.#failing = true;
      this.#cancelRetry();
      this.#cancelRetry = clock.after(RETRY_MS, () => this.#write());
    }
  }

  #openFile(): number {
    if (this.#fd !== undefined) {
      if (fstatSync(this.#fd).ino === statSync(this.#path, { throwIfNoEntry: false })?.ino) return this.#fd;
      closeSync(this.#fd);
      this.#fd = undefined;
    }
    this.#fd = openSync(this.#path, 'a', 0o600);
    return this.#fd;
  }

  #tell(outcome: Receipt['outcome'], count: number, settled: readonly Alert[] = []): void {
    if (count === 0) return;
    this.#deps.metrics.alerts.inc({ sink: 'file', outcome }, count);
    this.#report({ type: 'receipt', sink: this.name, outcome, count }, settled);
  }
}
