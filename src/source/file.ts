import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Observable } from 'rxjs';
import type { RawRecord } from '../model/record.ts';
import type { SourceConfig } from './config.ts';
import { follow } from './file/follow.ts';
import { readOnce } from './file/once.ts';
import { openFile, readChunks } from './file/open.ts';
import { createFileReader, type FileReader } from './file/reader.ts';
import { createSourceMetrics } from './metrics.ts';
import type { SourceDeps } from './source.ts';

/**
 * Reads a file of JSON lines as Falco writes them, plain or gzipped; the path `-` is standard input. Records come out
 * synchronously, chunk by chunk, so that the pipe sets the pace: nothing is queued. It completes at the end of the file, or,
 * with `config.file.follow`, when `deps.stop` aborts. It fails, naming the path and the mend, when the file cannot be opened;
 * what is wrong further on is told, counted and left out.
 */
export const fileSource = (
  path: string,
  config: SourceConfig,
  deps: SourceDeps,
  stdin: Readable = process.stdin,
): Observable<RawRecord> =>
  new Observable((subscriber) => {
    const { connected } = createSourceMetrics(deps.registry);
    const unsubscribed = new AbortController();
    const signal = AbortSignal.any([deps.stop, unsubscribed.signal]);
    const name = path === '-' ? 'standard input' : path;
    const reader = createFileReader(name, config, deps, (record) => subscriber.next(record));
    const ready = (isReady: boolean, detail: string) => {
      connected.set(isReady ? 1 : 0);
      deps.health?.(isReady, detail);
    };
    const read = async () => {
      if (signal.aborted) return;
      if (path === '-') {
        ready(true, `reading ${name}`);
        return readStream(stdin, reader, signal);
      }
      const handle = await openFile(path);
      ready(true, `reading ${name}`);
      // A pipe has no name that rotates: it is read to its end.
      if (!config.file.follow || !(await handle.stat()).isFile()) return readOnce(readChunks(handle), reader, signal);
      await refuseGzip(handle, path);
      const onRotated = () => deps.log.info(`${name} was replaced: reading the new file from its start`);
      return follow(handle, reader, { path, pollMs: config.file.pollMs, clock: deps.clock, signal, onRotated });
    };
    read().then(
      () => {
        ready(false, `read ${name} to its end`);
        subscriber.complete();
      },
      (error: Error) => {
        ready(false, error.message);
        subscriber.error(error);
      },
    );
    return () => unsubscribed.abort();
  });

/** A stream that waits for input does not look at the signal by itself. */
const readStream = async (stream: Readable, reader: FileReader, signal: AbortSignal): Promise<void> => {
  const onAbort = () => stream.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await readOnce(stream, reader, signal);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};

/** A gzip file is finished: nothing will be added that could be read. */
const refuseGzip = async (handle: FileHandle, path: string): Promise<void> => {
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  if (buffer[0] !== 0x1f || buffer[1] !== 0x8b) return;
  await handle.close();
  throw new Error(`cannot follow ${path}: it is gzipped; unpack it, or leave out source.file.follow`);
};
