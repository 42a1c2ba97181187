import { defer, type Observable, switchAll } from 'rxjs';
import type { RawRecord } from '../model/record.ts';
import type { SourceConfig } from './config.ts';
import { fileSource } from './file.ts';
import { httpSource } from './http.ts';
import { queued } from './queue.ts';
import type { SourceDeps } from './source.ts';
import { filePathOf, transportOf } from './transport.ts';

/** The source that `config.url` names. What is pushed to us passes the queue; a file waits until it is read. */
export const liveSource = (config: SourceConfig, deps: SourceDeps): Observable<RawRecord> => {
  switch (transportOf(config.url)) {
    case 'grpc':
      // The client takes longer to load than most commands run.
      return defer(async () => (await import('./grpc.ts')).grpcSource(config, deps)).pipe(
        switchAll(),
        queued(config, deps),
      );
    case 'http':
      return httpSource(config, deps).pipe(queued(config, deps));
    case 'file':
      return fileSource(filePathOf(config.url), config, deps);
  }
};
