import type { Alert } from '../model/alert.ts';
import type { Report, Sink } from './sink.ts';

/** Tells a function of this program every state of every alert. */
export class CallbackSink implements Sink {
  readonly name = 'callback';
  readonly #tell: (alert: Alert) => void;
  #report: Report = () => {};

  constructor(tell: (alert: Alert) => void) {
    this.#tell = tell;
  }

  open(report: Report): void {
    this.#report = report;
  }

  take(alert: Alert): void {
    this.#tell(alert);
    this.#report({ type: 'receipt', sink: this.name, outcome: 'delivered', count: 1 }, [alert]);
  }

  async close(): Promise<void> {}
}
