import type { FalcoEvent } from '../model/event.ts';
import { OPENS, opensToWrite } from './calls.ts';

/** Sub-agents of one session that are remembered; the oldest are forgotten. */
const MAX_SUBAGENTS = 512;

/** Sub-agents are threads of their agent: only the records that it keeps of them tell that one has begun. */
export class SubAgents {
  readonly #patterns: readonly RegExp[];
  readonly #known = new Set<string>();

  constructor(patterns: readonly RegExp[]) {
    this.#patterns = patterns;
  }

  /** The sub-agent whose record is begun by this event; each is told once. */
  begun({ call, flags, fd }: FalcoEvent): string | undefined {
    if (this.#patterns.length === 0 || call === undefined || !OPENS.has(call) || !opensToWrite(call, flags))
      return undefined;
    for (const pattern of this.#patterns) {
      const id = pattern.exec(fd?.name ?? '')?.groups?.id;
      if (id === undefined) continue;
      if (this.#known.has(id)) return undefined;
      this.#known.add(id);
      const [oldest] = this.#known;
      if (oldest !== undefined && this.#known.size > MAX_SUBAGENTS) this.#known.delete(oldest);
      return id;
    }
    return undefined;
  }
}
