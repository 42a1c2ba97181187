import type { Alert, Receipt } from '../model/alert.ts';
import type { Sink } from './sink.ts';

/** Keeps every alert it was given, in order. */
export class MemorySink implements Sink {
  readonly name: string;
  readonly alerts: Alert[] = [];
  #report: (receipt: Receipt) => void = () => {};

  constructor(name = 'memory') {
    this.name = name;
  }

  open(report: (receipt: Receipt) => void): void {
    this.#report = report;
  }

  take(alert: Alert): void {
    this.alerts.push(alert);
    this.#report({ type: 'receipt', sink: this.name, outcome: 'delivered', count: 1 });
  }

  async close(): Promise<void> {}
}
