import type { Gap } from './flow.ts';

/** One JSON document as Falco wrote it: a line of a file, or the body of a request. */
export interface JsonRecord {
  readonly type: 'json';
  readonly text: string;
}

/** One `falco.outputs.response` message as it came over the wire, not yet read. */
export interface ProtoRecord {
  readonly type: 'proto';
  readonly bytes: Uint8Array;
}

/** What a source hands over: bytes that may be an event, or the knowledge that some were lost. */
export type RawRecord = JsonRecord | ProtoRecord | Gap;
