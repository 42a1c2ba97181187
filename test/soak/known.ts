import { textOf } from './state.ts';

/** What a real Alertmanager says it knows, seen by asking it again and again. */
export class Known {
  readonly #url: string;
  /** Every alert that it was seen to know, by its label set. */
  readonly ever = new Set<string>();
  /** The alerts that it knew when asked last. */
  now: ReadonlySet<string> = new Set();

  constructor(url: string) {
    this.#url = url;
  }

  /** Asks; one that is away knows nothing. */
  async look(): Promise<void> {
    try {
      const answer = await fetch(`${this.#url}/api/v2/alerts`, { signal: AbortSignal.timeout(5_000) });
      const alerts = (await answer.json()) as readonly { readonly labels: Readonly<Record<string, string>> }[];
      this.now = new Set(alerts.map(({ labels }) => textOf(labels)));
      for (const alert of this.now) this.ever.add(alert);
    } catch {
      this.now = new Set();
    }
  }
}
