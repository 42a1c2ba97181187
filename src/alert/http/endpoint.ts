import { basic } from './credentials.ts';

/** One receiver, its credentials apart from what may be logged. */
export interface Endpoint {
  /** Host and port: the name in logs, metrics and receipts. */
  readonly name: string;
  /** Where is posted, without credentials. */
  readonly url: URL;
  /** The value of the `authorization` header. */
  readonly authorization?: string;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Reads the URL of an Alertmanager; it may hold a path prefix and `user:password@`. */
export const endpointOf = (address: string): Endpoint => {
  const endpoint = receiverOf(address);
  const { pathname, origin } = endpoint.url;
  return { ...endpoint, url: new URL(`${pathname.replace(/\/+$/, '')}/api/v2/alerts`, origin) };
};

/** Reads the URL of any other receiver; it is used as it stands. */
export const receiverOf = (address: string): Endpoint => {
  const { protocol, host, hostname, port, pathname, search, username, password } = new URL(address);
  const url = new URL(`${pathname}${search}`, `${protocol}//${host}`);
  const name = `${hostname}:${port || DEFAULT_PORTS[protocol]}`;
  if (username === '' && password === '') return { name, url };
  return { name, url, authorization: basic(decoded(username), decoded(password)) };
};

/** A `%` that stands for itself is taken as it is. */
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
