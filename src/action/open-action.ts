import type { ActionKind, AgentAction, Evidence } from '../model/action.ts';
import type { FalcoEvent } from '../model/event.ts';
import type { Session } from '../model/session.ts';
import type { Nanos } from '../model/time.ts';
import { EffectsBuilder, type EffectsContext, type ResolvedPath } from './effects.ts';

/** Alerts of other rules kept with one action. */
const MAX_EVIDENCE = 16;
/** How often one action is told of before it ends. */
const MAX_PREVIEWS = 16;

/** What an action is called. */
export interface ActionName {
  readonly kind: ActionKind;
  readonly title: string;
  readonly symbol: string;
  readonly startedBy?: number;
}

/** An action that is still gathering events. */
export class OpenAction {
  readonly #maxEvents: number;
  readonly #events: string[] = [];
  readonly #evidence: Evidence[] = [];
  readonly effects = new EffectsBuilder();
  start: Nanos;
  end: Nanos;
  /** Its place in the session, once something has been told of it. */
  index: number | undefined;
  /** When it did something telling that has not been told yet. */
  tellingSince: Nanos | undefined;
  #told = 0;
  #previews = 0;
  /** All its events, those beyond the limit included. */
  count = 0;

  constructor(start: Nanos, maxEvents: number) {
    this.start = start;
    this.end = start;
    this.#maxEvents = maxEvents;
  }

  /** True when numbers of its events were left out. */
  get overflowed(): boolean {
    return this.count > this.#maxEvents;
  }

  add(event: FalcoEvent, context: EffectsContext, resolved?: ResolvedPath): void {
    this.count++;
    if (event.num !== undefined && this.#events.length < this.#maxEvents) this.#events.push(event.num);
    if (event.time > this.end) this.end = event.time;
    this.effects.add(event, context, resolved);
    const { telling } = this.effects;
    if (telling > this.#told && this.#previews < MAX_PREVIEWS) this.tellingSince ??= event.time;
    this.#told = telling;
    if (event.output !== undefined && this.#evidence.length < MAX_EVIDENCE) {
      const { rule, priority, tags, output, time } = event;
      this.#evidence.push({ rule, priority, tags, output, time });
    }
  }

  /** Takes over what turned out to be part of this action. */
  absorb(other: OpenAction): void {
    this.count += other.count;
    for (const num of other.#events) if (this.#events.length < this.#maxEvents) this.#events.push(num);
    for (const evidence of other.#evidence) if (this.#evidence.length < MAX_EVIDENCE) this.#evidence.push(evidence);
    if (other.start < this.start) this.start = other.start;
    if (other.end > this.end) this.end = other.end;
    this.effects.absorb(other.effects);
  }

  /** The action as it stands, while it goes on. */
  preview(session: Session, index: number, name: ActionName): AgentAction {
    this.#previews++;
    this.tellingSince = undefined;
    const { events, evidence, ...rest } = this.close(session, index, name);
    return { ...rest, events: [...events], evidence: [...evidence], preview: true };
  }

  close(session: Session, index: number, { kind, title, symbol, startedBy }: ActionName): AgentAction {
    return {
      type: 'action',
      session,
      index,
      kind,
      title,
      symbol,
      start: this.start,
      end: this.end,
      events: this.#events,
      eventCount: this.count,
      effects: this.effects.build(),
      ...(startedBy !== undefined && { startedBy }),
      evidence: this.#evidence,
    };
  }
}
