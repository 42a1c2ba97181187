/** One Alertmanager, its credentials apart from what may be logged. */
export interface Endpoint {
  /** Host and port: the name in logs, metrics and receipts. */
  readonly name: string;
  /** Where alerts are posted, without credentials. */
  readonly url: URL;
  /** The value of the `authorization` header. */
  readonly authorization?: string;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Reads the URL of an Alertmanager; it may hold a path prefix and `user:password@`. */
export const endpointOf = (address: string): Endpoint => {
  const { protocol, host, hostname, port, pathname, username, password } = new URL(address);
  const url = new URL(`${pathname.replace(/\/+$/, '')}/api/v2/alerts`, `${protocol}//${host}`);
  const name = `${hostname}:${port || DEFAULT_PORTS[protocol]}`;
  if (username === '' && password === '') return { name, url };
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { name, url, authorization: `Basic ${credentials}` };
};

/** A `%` that stands for itself is taken as it is. */
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
