import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Bytes that claim to be gzip and are not, or not all of it. */
export class BrokenGzip extends Error {
  override readonly name = 'BrokenGzip';
}

/** Unpacks what begins like gzip (1f 8b) and passes everything else on; a name says nothing, standard input has none. */
export async function* gunzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const all = prepended(head, iterator);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return yield* all;
  yield* unpack(all);
}

async function* prepended(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* unpack(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 65_536 });
  // The error arrives at the loop below as well.
  pipeline(Readable.from(chunks), gunzip, () => {});
  try {
    yield* gunzip;
  } catch (cause) {
    const isGzip = String((cause as NodeJS.ErrnoException).code).startsWith('Z_');
    throw isGzip ? new BrokenGzip((cause as Error).message, { cause }) : cause;
  }
}
