/** What the URL of a Redis says. */
export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** Name of the master, behind sentinels. */
  readonly master?: string;
  readonly db: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  /** Before every key. */
  readonly prefix: string;
  /** Days after its last change that a scope is kept; for ever without it. */
  readonly ttlDays?: number;
  /** File of the authority that signed the server's certificate. */
  readonly ca?: string;
}

const SCHEME = /^redis(s?)(?:-(sentinel|cluster))?:\/\//;

/**
 * Reads `redis://[user:password@]host[:port][,host…][/db]`, `rediss://…` over TLS, `redis-sentinel://host,host/master[/db]`
 * or `redis-cluster://host,host`; behind a `?`: `prefix=`, `ttlDays=`, `ca=FILE`.
 */
export const parseRedisUrl = (url: string): RedisAddress => {
  const scheme = SCHEME.exec(url);
  if (!scheme)
    throw new Error('a Redis store is redis://…, redis-sentinel://… or redis-cluster://…, with rediss for TLS');
  const kind = (scheme[2] ?? 'single') as RedisAddress['kind'];
  const [address = '', query = ''] = url.slice(scheme[0].length).split('?', 2);
  const at = address.lastIndexOf('@');
  const [user = '', ...secret] = at < 0 ? [] : address.slice(0, at).split(':');
  const [hosts = '', ...path] = address.slice(at + 1).split('/');
  const nodes = hosts.split(',').map((host) => nodeOf(host, kind === 'sentinel' ? 26_379 : 6_379));
  const master = kind === 'sentinel' ? path.shift() : undefined;
  if (kind === 'sentinel' && !master) throw new Error('redis-sentinel://HOST,…/MASTER needs the name of the master');
  const options = new URLSearchParams(query);
  const ttlDays = Number(options.get('ttlDays') ?? Number.NaN);
  const ca = options.get('ca');
  return {
    kind,
    nodes,
    ...(master !== undefined && { master }),
    db: Number(path[0] ?? 0) || 0,
    tls: scheme[1] === 's',
    ...(user !== '' && { username: decodeURIComponent(user) }),
    ...(secret.length > 0 && { password: decodeURIComponent(secret.join(':')) }),
    prefix: options.get('prefix') ?? 'creance:',
    ...(ttlDays > 0 && { ttlDays }),
    ...(ca !== null && { ca }),
  };
};

const nodeOf = (text: string, port: number): { host: string; port: number } => {
  const found = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text);
  if (!found?.[1]) throw new Error(`"${text}" is no host of a Redis store: write HOST or HOST:PORT`);
  return { host: found[1].replace(/^\[|\]$/g, ''), port: Number(found[2] ?? port) };
};

/** The store's name for messages, without what must not be told. */
export const nameOfRedis = ({ kind, nodes, master, db, tls }: RedisAddress): string => {
  const scheme = `redis${tls ? 's' : ''}${kind === 'single' ? '' : `-${kind}`}`;
  const path = [...(master === undefined ? [] : [master]), ...(kind === 'cluster' ? [] : [String(db)])];
  return `${scheme}://${nodes.map(({ host, port }) => `${host}:${port}`).join(',')}${path.map((one) => `/${one}`).join('')}`;
};
