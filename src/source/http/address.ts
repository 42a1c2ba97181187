/** Where the receiver listens. */
export interface HttpAddress {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** The path of the URL when it has one: the only path that is accepted. */
  readonly path?: string;
}

/**
 * Reads a URL such as `http://0.0.0.0:2801/`.
 * @throws an Error that names the URL and the mend.
 */
export const parseAddress = (text: string): HttpAddress => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error(
      `source.url ${JSON.stringify(text)} is not the address of a receiver: write it as http://127.0.0.1:2801/`,
    );
  }
  const secure = url.protocol === 'https:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    ...(url.pathname === '/' ? {} : { path: url.pathname }),
  };
};

/** Why the receiver cannot listen, with the mend. */
export const listenError = (error: NodeJS.ErrnoException, { host, port }: HttpAddress): Error => {
  const where = `cannot listen on ${host}:${port}`;
  const mend = MENDS[error.code ?? ''] ?? `${error.message}; choose another address in source.url`;
  return new Error(`${where}: ${mend}`, { cause: error });
};

const MENDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there (EADDRINUSE); stop it, or choose another port in source.url',
  EACCES: 'this user may not use the port (EACCES); choose one of 1024 or above in source.url',
  EADDRNOTAVAIL: 'this machine has no such address (EADDRNOTAVAIL); use 0.0.0.0 or 127.0.0.1 in source.url',
  ENOTFOUND: 'the name has no address (ENOTFOUND); use an address such as 0.0.0.0 in source.url',
};
