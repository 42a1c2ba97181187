import type { ActionKind, AgentAction, Evidence } from '../model/action.ts';
import type { FalcoEvent } from '../model/event.ts';
import type { Session } from '../model/session.ts';
import type { Nanos } from '../model/time.ts';
import { EffectsBuilder, type EffectsContext } from './effects.ts';

/** Alerts of other rules kept with one action. */
const MAX_EVIDENCE = 16;

/** An action that is still gathering events. */
export class OpenAction {
  readonly start: Nanos;
  readonly #maxEvents: number;
  readonly #effects = new EffectsBuilder();
  readonly #events: string[] = [];
  readonly #evidence: Evidence[] = [];
  #count = 0;
  end: Nanos;

  constructor(start: Nanos, maxEvents: number) {
    this.start = start;
    this.end = start;
    this.#maxEvents = maxEvents;
  }

  get count(): number {
    return this.#count;
  }

  get effects(): EffectsBuilder {
    return this.#effects;
  }

  add(event: FalcoEvent, context: EffectsContext, path?: string): void {
    this.#count++;
    if (event.num !== undefined && this.#events.length < this.#maxEvents) this.#events.push(event.num);
    if (event.time > this.end) this.end = event.time;
    this.#effects.add(event, context, path);
    if (event.output !== undefined && this.#evidence.length < MAX_EVIDENCE) {
      const { rule, priority, tags, output, time } = event;
      this.#evidence.push({ rule, priority, tags, output, time });
    }
  }

  close(session: Session, index: number, name: { kind: ActionKind; title: string; symbol: string }): AgentAction {
    return {
      type: 'action',
      session,
      index,
      ...name,
      start: this.start,
      end: this.end,
      events: this.#events,
      eventCount: this.#count,
      effects: this.#effects.build(),
      evidence: this.#evidence,
    };
  }
}
