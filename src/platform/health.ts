import type { Logger } from './log.ts';

interface Component {
  readonly ready: boolean;
  /** What it is doing or waiting for, as a person reads it. */
  readonly detail: string;
}

/** What `/readyz` answers. */
export interface HealthReport {
  readonly ready: boolean;
  readonly components: Readonly<Record<string, Component>>;
}

/** Readiness, derived from the parts: the service is ready when there are parts and every one of them is. */
export class Health {
  readonly #log: Logger;
  readonly #components = new Map<string, Component>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** A part's state. Said as often as it likes: only a change of `ready` is logged. */
  set(component: string, ready: boolean, detail: string): void {
    const before = this.#components.get(component);
    this.#components.set(component, { ready, detail });
    if (before?.ready === ready) return;
    if (ready) this.#log.info({ component, detail }, 'ready');
    else this.#log[before ? 'warn' : 'info']({ component, detail }, 'not ready');
  }

  /** The part is gone on purpose and no longer counts. */
  remove(component: string): void {
    this.#components.delete(component);
  }

  ready(): boolean {
    const components = [...this.#components.values()];
    return components.length > 0 && components.every(({ ready }) => ready);
  }

  report(): HealthReport {
    return { ready: this.ready(), components: Object.fromEntries(this.#components) };
  }
}
