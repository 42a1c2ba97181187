import type { Alert } from '../model/alert.ts';
import type { Report, Sink } from './sink.ts';

/** Keeps every alert it was given, in order. */
export class MemorySink implements Sink {
  readonly name: string;
  readonly alerts: Alert[] = [];
  #report: Report = () => {};

  constructor(name = 'memory') {
    this.name = name;
  }

  open(report: Report): void {
    this.#report = report;
  }

  take(alert: Alert): void {
    this.alerts.push(alert);
    this.#report({ type: 'receipt', sink: this.name, outcome: 'delivered', count: 1 }, [alert]);
  }

  async close(): Promise<void> {}
}
