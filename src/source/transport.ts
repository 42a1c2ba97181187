/** How records reach us. A closed set: it is a metric label. */
export type Transport = 'grpc' | 'http' | 'file';

/** How the events of a `source.url` come. Whatever is no URL of a server is a file. */
export const transportOf = (url: string): Transport =>
  /^(unix|https):/i.test(url) ? 'grpc' : /^http:/i.test(url) ? 'http' : 'file';

/** The path that a `source.url` of a file names. */
export const filePathOf = (url: string): string => url.replace(/^file:(\/\/)?/, '');
