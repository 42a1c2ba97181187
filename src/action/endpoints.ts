import type { FalcoEvent } from '../model/event.ts';
import type { Nanos } from '../model/time.ts';
import { endpointOf } from './connections.ts';
import { neighbourhood, networkOf } from './network.ts';

/** Endpoints of an agent process that are remembered as its own. */
const MAX_ENDPOINTS = 64;
const DNS = 53;

/**
 * The endpoints that an agent speaks to on its own account: its model's API, log-in, telemetry, updates. Those are the
 * ones that it uses before the model's first tool call, and later ones next to them on the same port, since services
 * rotate their addresses. What else the agent process connects to is the model's doing: a fetch tool, say.
 */
export class Endpoints {
  readonly #own = new Set<string>();
  readonly #neighbourhoods = new Set<string>();
  readonly #startNanos: Nanos;
  #since: Nanos | undefined;
  #settled = false;

  /** `startNanos`: how long after its first words an agent that runs nothing is still starting. */
  constructor(startNanos: Nanos) {
    this.#startNanos = startNanos;
  }

  /** True once the agent has spoken to somebody. */
  get known(): boolean {
    return this.#own.size > 0;
  }

  /** A command of the model's has begun: what is new from now on is not the agent's own. */
  settle(): void {
    if (this.known) this.#settled = true;
  }

  /** The agent works on a file: a sign of the same, once its start must be over. */
  settleBy(now: Nanos): void {
    if (this.#since !== undefined && now - this.#since >= this.#startNanos) this.#settled = true;
  }

  isOwn = (endpoint: string): boolean => this.#own.has(endpoint);

  /** Takes a connection of the agent process; the endpoint when it is not the agent's own. */
  note(event: FalcoEvent): string | undefined {
    const endpoint = endpointOf(event);
    const { serverIp: address, serverPort: port } = event.fd ?? {};
    if (endpoint === undefined || address === undefined || port === DNS || this.#own.has(endpoint)) return undefined;
    const network = networkOf(address);
    const near = `${neighbourhood(address)} ${port}`;
    if (this.#settled && network === 'loopback') return undefined;
    if (this.#settled && !(network === 'public' && this.#neighbourhoods.has(near))) return endpoint;
    if (this.#own.size >= MAX_ENDPOINTS) return endpoint;
    this.#since ??= event.time;
    this.#own.add(endpoint);
    this.#neighbourhoods.add(near);
    return undefined;
  }
}
