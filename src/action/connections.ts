import type { Connection, Network } from '../model/action.ts';
import type { FalcoEvent } from '../model/event.ts';
import { networkOf } from './network.ts';

/** Distinct endpoints kept of each network, so that a scan of one does not hide a call to another. */
const MAX_PER_NETWORK = 64;

/** `address:port` of an event's other end; undefined where the call failed or named none. */
export const endpointOf = ({ fd, result }: FalcoEvent): string | undefined => {
  if (!fd?.serverIp || fd.serverPort === undefined) return undefined;
  if (result !== undefined && result !== 'SUCCESS' && result !== 'EINPROGRESS') return undefined;
  return fd.serverIp.includes(':') ? `[${fd.serverIp}]:${fd.serverPort}` : `${fd.serverIp}:${fd.serverPort}`;
};

/** The endpoints that an action spoke to. */
export class Connections {
  readonly #byEndpoint = new Map<string, Connection>();
  readonly #counts = new Map<Network, number>();

  get size(): number {
    return this.#byEndpoint.size;
  }

  /** `modelApi` is asked only of endpoints that are new. */
  add(event: FalcoEvent, modelApi: (endpoint: string) => boolean): void {
    const endpoint = endpointOf(event);
    const { serverIp: address, serverPort: port } = event.fd ?? {};
    if (endpoint === undefined || address === undefined || port === undefined || this.#byEndpoint.has(endpoint)) return;
    this.#keep(endpoint, { address, port, network: networkOf(address), modelApi: modelApi(endpoint) });
  }

  absorb(other: Connections): void {
    for (const [endpoint, connection] of other.#byEndpoint)
      if (!this.#byEndpoint.has(endpoint)) this.#keep(endpoint, connection);
  }

  build(): readonly Connection[] {
    return [...this.#byEndpoint.values()];
  }

  #keep(endpoint: string, connection: Connection): void {
    const count = this.#counts.get(connection.network) ?? 0;
    if (count >= MAX_PER_NETWORK) return;
    this.#counts.set(connection.network, count + 1);
    this.#byEndpoint.set(endpoint, connection);
  }
}
