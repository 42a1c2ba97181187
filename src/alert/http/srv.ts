import { promises, type SrvRecord } from 'node:dns';

/** Looks an SRV name up. Rejects when there is no such name or no answer. */
export type ResolveSrv = (name: string) => Promise<readonly Pick<SrvRecord, 'name' | 'port'>[]>;

export const resolveSrv: ResolveSrv = (name) => promises.resolveSrv(name);

/** The address of receivers that are looked up. */
export interface SrvName {
  /** As DNS knows it. */
  readonly name: string;
  /** The rest of the address, which every receiver shares: scheme, credentials and path prefix. */
  readonly template: URL;
}

/** More than any cluster has; an answer with thousands of names shall not make us open as many connections. */
const MAX_TARGETS = 32;

/** Reads `dnssrv+https://_web._tcp.alertmanager.monitoring.svc/prefix`; undefined for every other URL. */
export const srvNameOf = (address: string): SrvName | undefined => {
  if (!address.startsWith('dnssrv+')) return undefined;
  const template = new URL(address.slice('dnssrv+'.length));
  return { name: template.hostname, template };
};

/** The URL of every receiver that the name stands for now, sorted. Rejects where there is none. */
export const addressesOf = async ({ name, template }: SrvName, resolve: ResolveSrv): Promise<readonly string[]> => {
  const records = await resolve(name);
  if (records.length === 0) throw new Error(`${name} stands for no receiver`);
  const addresses = records.map((target) => {
    const url = new URL(template);
    url.hostname = target.name.replace(/\.$/, '');
    url.port = String(target.port);
    return url.href;
  });
  return [...new Set(addresses)].sort().slice(0, MAX_TARGETS);
};
