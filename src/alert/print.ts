import type { Alert } from '../model/alert.ts';
import { toIso } from '../model/time.ts';
import { asJson } from './output/as-json.ts';
import type { Report, Sink } from './sink.ts';

export type PrintFormat = 'text' | 'json';

/** Writes one line for each state of an alert, or for each that begins to fire: for people, or as JSON. The text of alerts is clean already. */
export class PrintSink implements Sink {
  readonly name = 'print';
  readonly #write: (line: string) => void;
  readonly #format: (alert: Alert) => string;
  readonly #onlyFiring: boolean;
  #report: Report = () => {};

  constructor(write: (line: string) => void, format: PrintFormat = 'text', states: 'all' | 'firing' = 'all') {
    this.#write = write;
    this.#onlyFiring = states === 'firing';
    this.#format = format === 'json' ? toJson : toText;
  }

  open(report: Report): void {
    this.#report = report;
  }

  take(alert: Alert): void {
    if (alert.endsAt === undefined || !this.#onlyFiring) this.#write(`${this.#format(alert)}\n`);
    this.#report({ type: 'receipt', sink: this.name, outcome: 'delivered', count: 1 }, [alert]);
  }

  async close(): Promise<void> {}
}

const toText = ({ labels, annotations, startsAt, endsAt }: Alert): string => {
  const { alertname, severity, ...rest } = labels;
  const where = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const state = endsAt === undefined ? 'firing  ' : 'resolved';
  return [toIso(endsAt ?? startsAt), state, severity, alertname, ...where, `- ${annotations.summary ?? ''}`].join(' ');
};

const toJson = (alert: Alert): string => JSON.stringify(asJson(alert));
