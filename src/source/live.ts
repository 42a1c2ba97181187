import type { Observable } from 'rxjs';
import type { RawRecord } from '../model/record.ts';
import type { SourceConfig } from './config.ts';
import { fileSource } from './file.ts';
import { grpcSource } from './grpc.ts';
import { httpSource } from './http.ts';
import { queued } from './queue.ts';
import type { SourceDeps } from './source.ts';

/** The source that `config.url` names. What is pushed to us passes the queue; a file waits until it is read. */
export const liveSource = (config: SourceConfig, deps: SourceDeps): Observable<RawRecord> => {
  const { url } = config;
  if (/^(unix|https):/i.test(url)) return grpcSource(config, deps).pipe(queued(config, deps));
  if (/^http:/i.test(url)) return httpSource(config, deps).pipe(queued(config, deps));
  return fileSource(url.replace(/^file:(\/\/)?/, ''), config, deps);
};
