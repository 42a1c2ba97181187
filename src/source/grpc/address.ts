/** Where Falco's gRPC output listens: `target` is for gRPC, `shown` for people. */
export type GrpcAddress =
  | { readonly kind: 'unix'; readonly path: string; readonly target: string; readonly shown: string }
  | { readonly kind: 'tls'; readonly host: string; readonly target: string; readonly shown: string };

/** The port that Falco's own configuration shows for gRPC. */
const DEFAULT_PORT = 5060;

const HTTPS = /^https:\/\/(\[[0-9a-f:.]+\]|[^:/?#@[\]]+)(?::(\d{1,5}))?\/?$/i;
const UNIX = /^unix:(?:\/\/)?(\/(?!\/).*)$/;

/** Reads `unix:///path/to/socket` or `https://host[:port]`; undefined for anything else. */
export const parseGrpcAddress = (url: string): GrpcAddress | undefined => {
  const path = UNIX.exec(url)?.[1];
  if (path) return { kind: 'unix', path, target: `unix:${path}`, shown: path };
  const https = HTTPS.exec(url);
  if (!https?.[1]) return undefined;
  const shown = `${https[1]}:${https[2] ?? DEFAULT_PORT}`;
  return { kind: 'tls', host: https[1], target: `dns:${shown}`, shown };
};
