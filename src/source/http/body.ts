import type { IncomingMessage } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';

export type BodyFailure = 'too-large' | 'busy' | 'aborted' | 'encoding' | 'malformed';
export type Body =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly failure: BodyFailure };

/** What every request may hold; Falco's events are 1 to 10 KB. */
const FREE_BYTES = 65_536;

/**
 * What all unfinished bodies together may hold beyond their first 64 KiB, so that a few hundred slow clients with long bodies
 * cannot fill the memory, nor keep ordinary events out.
 */
export class BodyBudget {
  #held = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes what growing a body from one length to another costs; false when there is not enough. */
  grow(from: number, to: number): boolean {
    const cost = Math.max(0, to - FREE_BYTES) - Math.max(0, from - FREE_BYTES);
    if (this.#held + cost > this.#limit) return false;
    this.#held += cost;
    return true;
  }

  /** Gives back what a body of this length had taken. */
  release(length: number): void {
    this.#held -= Math.max(0, length - FREE_BYTES);
  }
}

export interface BodyLimits {
  readonly maxBytes: number;
  readonly budget: BodyBudget;
  /** Told by how much the bytes of unfinished bodies grew or shrank. */
  readonly onHeld: (delta: number) => void;
}

/** Reads a body up to the limits and calls `done` once. The request's time limit is the server's. */
export const readBody = (request: IncomingMessage, limits: BodyLimits, done: (body: Body) => void): void => {
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) {
    done({ ok: false, failure: 'too-large' });
    return;
  }
  let chunks: Buffer[] = [];
  let length = 0;
  const finish = (body: () => Body) => {
    request.off('data', onData).off('end', onEnd).off('close', onClose);
    limits.budget.release(length);
    limits.onHeld(-length);
    const result = body();
    chunks = [];
    done(result);
  };
  const fail = (failure: BodyFailure) => finish(() => ({ ok: false, failure }));
  const onData = (chunk: Buffer) => {
    const grown = length + chunk.length;
    if (grown > limits.maxBytes) return fail('too-large');
    if (!limits.budget.grow(length, grown)) return fail('busy');
    limits.onHeld(chunk.length);
    length = grown;
    chunks.push(chunk);
  };
  const onEnd = () =>
    finish(() => ({ ok: true, bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) }));
  const onClose = () => fail('aborted');
  request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', ignore);
};

/** A broken connection ends in `close`, which is where it is counted. */
const ignore = () => {};

/** Undoes the content encoding. The result is as bounded as a plain body: a small body cannot inflate to a large one. */
export const inflateBody = (bytes: Buffer, encoding: string | undefined, maxBytes: number): Body => {
  const name = encoding?.trim().toLowerCase() || 'identity';
  if (name === 'identity') return { ok: true, bytes };
  const inflate = name === 'gzip' || name === 'x-gzip' ? gunzipSync : name === 'deflate' ? inflateSync : undefined;
  if (!inflate) return { ok: false, failure: 'encoding' };
  try {
    return { ok: true, bytes: inflate(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return { ok: false, failure: tooLarge ? 'too-large' : 'malformed' };
  }
};
